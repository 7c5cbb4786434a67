"""One block model of a document; its forms: terminal text, CSV, XLSX, Word, PDF and HTML."""
