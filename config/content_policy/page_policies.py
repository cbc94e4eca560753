"""Content security policies of HTML pages. API responses have the policy in settings, which loads nothing."""

PAGE_POLICY = {
    "default-src": ["'none'"],
    "style-src": ["'self'"],
    "img-src": ["'self'"],
    "frame-ancestors": ["'none'"],
}
API_DOCS_POLICY = PAGE_POLICY | {
    "script-src": ["'self'", "'unsafe-inline'"],  # Swagger UI and Redoc start from an inline script
    "style-src": ["'self'", "'unsafe-inline'"],
    "img-src": ["'self'", "data:"],
    "connect-src": ["'self'"],
    "worker-src": ["blob:"],
}
