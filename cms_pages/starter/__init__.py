"""The first shop's site: documents with their history, in three languages. Loading it twice changes nothing."""
