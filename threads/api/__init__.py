"""The HTTP API of jams, threads and posts, under /api/v1/. Its parts parse, call one verb and answer, as views do."""
