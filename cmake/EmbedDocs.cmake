# cmake -D FOLDER=docs -D NAMES="a b" -D OUTPUT=… -P EmbedDocs.cmake
# Writes a .cpp with FOLDER/a.md, FOLDER/b.md … as string literals, in this order:
# app/doc_texts.h reads it.
separate_arguments(NAMES)
set(out "#include \"app/doc_texts.h\"\n\nnamespace sojourn::app {\n\n")
string(APPEND out "const std::vector<DocText>& doc_texts() {\n")
string(APPEND out "  static const std::vector<DocText> kTexts = {\n")
foreach(name IN LISTS NAMES)
  file(READ ${FOLDER}/${name}.md text)
  string(APPEND out "      {\"${name}\", R\"markdown(${text})markdown\"},\n")
endforeach()
string(APPEND out "  };\n  return kTexts;\n}\n\n}  // namespace sojourn::app\n")
file(WRITE ${OUTPUT} "${out}")
