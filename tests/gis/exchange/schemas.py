"""The schema of CAP 1.2 from the folder of real files."""

from functools import cache
from pathlib import Path

from lxml import etree

XSD = "{http://www.w3.org/2001/XMLSchema}"


@cache
def cap_schema(realdata: Path) -> etree.XMLSchema:
    """The OASIS schema without its import of the signature schema, which lies on the network."""
    return schema_at(realdata / "edxl/em-serializers/EDXLSharp.CAPLib/Resources/CAP-v1.2-os.xsd")


@cache
def schema_at(path: Path) -> etree.XMLSchema:
    """A schema of CAP as somebody keeps it, without what it would fetch from the network."""
    document = etree.parse(str(path), etree.XMLParser(no_network=True))
    for foreign in document.getroot().findall(f"{XSD}import"):
        document.getroot().remove(foreign)
    for signature in list(document.getroot().iter(f"{XSD}element")):
        if signature.get("ref", "cap:").split(":")[0] != "cap":
            signature.getparent().remove(signature)
    return etree.XMLSchema(document)
