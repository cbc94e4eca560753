"""Content security policies of the pages we serve. Answers of the API load nothing at all (settings)."""

PAGE_POLICY = {"default-src": ["'none'"], "style-src": ["'self'"], "frame-ancestors": ["'none'"]}
API_DOCS_POLICY = PAGE_POLICY | {
    "script-src": ["'self'", "'unsafe-inline'"],  # Swagger UI and Redoc start from a line in the page
    "style-src": ["'self'", "'unsafe-inline'"],
    "img-src": ["'self'", "data:"],
    "connect-src": ["'self'"],
    "worker-src": ["blob:"],
}
