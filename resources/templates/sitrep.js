var Kentongan = (function () {
  "use strict";
  var SVG = ["http:", "", "www.w3.org", "2000", "svg"].join("/");
  var CORNERS = {
    triangle: "12,1.5 23.5,22.3 0.5,22.3",
    diamond: "12,0.8 23.2,12 12,23.2 0.8,12",
    square: "2.4,2.4 21.6,2.4 21.6,21.6 2.4,21.6"
  };
  function draw(name, attributes) {
    var element = document.createElementNS(SVG, name);
    Object.keys(attributes).forEach(function (key) { element.setAttribute(key, attributes[key]); });
    return element;
  }
  function chip(sign) {
    var svg = draw("svg", { viewBox: "-1 -1 26 26", width: 28, height: 28, "aria-hidden": "true" });
    var ink = { fill: sign.fill, stroke: "#14181C", "stroke-width": 1.6, "stroke-linejoin": "round" };
    var shape = CORNERS[sign.shape] ? draw("polygon", ink) : draw("circle", ink);
    if (CORNERS[sign.shape]) { shape.setAttribute("points", CORNERS[sign.shape]); }
    else { shape.setAttribute("cx", 12); shape.setAttribute("cy", 12); shape.setAttribute("r", 11); }
    var digit = draw("text", {
      x: 12, y: sign.shape === "triangle" ? 20 : 16.6, "text-anchor": "middle",
      "font-size": 13, "font-weight": 700, fill: "#14181C"
    });
    digit.textContent = sign.digit;
    svg.appendChild(shape);
    svg.appendChild(digit);
    return svg;
  }
  function marker(feature, place) {
    var p = feature.properties;
    if (p.chip) {
      var icon = L.divIcon({ html: chip(p.chip), className: "chip", iconSize: [28, 28] });
      return L.marker(place, { icon: icon, title: p.chip.label, zIndexOffset: p.order * 1000 });
    }
    if (!p.dot) { return L.circleMarker(place, { radius: 8, stroke: false, fillOpacity: 0 }); }
    return L.circleMarker(place, {
      radius: 6, color: p.dot.edge, weight: 2, fillColor: p.dot.fill, fillOpacity: 1
    });
  }
  function words(lines) {
    var box = document.createElement("div");
    lines.forEach(function (line, n) {
      var part = document.createElement(n ? "div" : "strong");
      part.dir = "auto";
      part.textContent = line;
      box.appendChild(part);
    });
    return box;
  }
  function touch(feature, layer) {
    var p = feature.properties;
    if (p.words) { layer.bindPopup(words(p.words), { maxWidth: 320 }); }
    if (p.name) {
      var label = document.createElement("span");
      label.textContent = p.name;
      layer.bindTooltip(label, { permanent: true, direction: "center", className: "place-name" });
    }
    if (p.chip) { here[p.number] = layer; }
  }
  function lay(map, layer, number) {
    var sheet = KentonganSheets[number], name = document.createElement("span");
    if (layer.addData) { layer.addData({ type: "FeatureCollection", features: sheet.features }); }
    layer.addTo(map);
    name.textContent = sheet.name;
    if (!control) { control = L.control.layers(null, null, { collapsed: false }).addTo(map); }
    control.addOverlay(layer, name.innerHTML);
  }
  var control = null;
  var here = Object.create(null);
  document.addEventListener("click", function (event) {
    var link = event.target.closest("a[data-incident]");
    var layer = link && here[link.dataset.incident];
    if (layer) {
      layer._map.setView(layer.getLatLng(), Math.max(layer._map.getZoom(), 15), { animate: false });
      layer.openPopup();
    }
  });
  return { marker: marker, touch: touch, lay: lay };
})();
