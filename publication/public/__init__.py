"""The public pages: what is published, for everybody, without a log-in and without JavaScript.

A page is drawn from an Edition alone (a published version, or a draft for its preview) and says where it is by
relative addresses, so that the same bytes are served, kept in a cache and written as a static file.
"""
