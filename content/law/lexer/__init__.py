"""The lexer of references: the words and numbers that every reader of references is made of. Pure.

- `unit_lexicon`: the spellings of units' words and the forms of their numbers;
- `unit_names`: units by word and number, «các khoản 1, 2 và 3», «từ Điều 5 đến Điều 9», «điểm này»;
- `document_words`: types, official numbers, days and «Luật này».

It finds pieces and their offsets. Which of them belong together is for the readers: `grammar`, `mentions`,
`document_references`, `document_names`, `named_documents`, `content.typed_citations`, and those of relations, endings,
amendments and own effect. They put their patterns together from the pieces: outside `content.law` no pattern has a word
for a unit, or a number of a document, of its own. Every pattern takes time that is linear in the length of the text.
"""
