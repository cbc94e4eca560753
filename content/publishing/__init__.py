"""Making documents public: import, publication, corrections, status events, samples."""
