"""Reports: one model of a document, and its forms in PDF, Word, HTML and XLSX."""
