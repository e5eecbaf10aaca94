"""Search: one engine, one tokenizer, behind one small interface (`model.SearchEngine`).

normal.py            the form in which words are compared, with the way back to the printed text
tokens.py            normal text into overlapping pairs, so that a phrase of pairs is exactly a substring
model.py             what goes in, what is asked, what comes out
tantivy_engine.py    the engine: an index in a folder, one writer
"""
