"""Making a release: sorted graph files, the store, the dumps, the manifest; built aside and switched in at once."""
