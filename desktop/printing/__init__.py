"""Maps on paper: drawn by one painter onto pictures, documents and printers alike."""
