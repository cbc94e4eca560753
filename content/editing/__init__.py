"""What staff write before it is public: revisions, drafts, proposed corrections, and their review."""
