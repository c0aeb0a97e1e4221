"""One file a change of schema, in order. A released one is never edited."""
