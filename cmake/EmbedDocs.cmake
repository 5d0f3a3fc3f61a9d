# cmake -D FOLDER=docs -D NAMES="a b" -D OUTPUT=… -P EmbedDocs.cmake
# Writes a .cpp with FOLDER/a.md, FOLDER/b.md … as string literals, in this order:
# app/doc_texts.h reads it. A literal for each section: no compiler has to take one of more than
# 65,536 characters.
separate_arguments(NAMES)
set(out "#include \"app/doc_texts.h\"\n\n#include <initializer_list>\n\nnamespace sojourn::app {\n\n")
string(APPEND out "namespace {\n\nstd::string joined(std::initializer_list<std::string_view> sections) {\n")
string(APPEND out "  std::string text;\n  for (const auto section : sections) text += section;\n")
string(APPEND out "  return text;\n}\n\n}  // namespace\n\n")
string(APPEND out "const std::vector<DocText>& doc_texts() {\n")
string(APPEND out "  static const std::vector<DocText> kTexts = {\n")
foreach(name IN LISTS NAMES)
  file(READ ${FOLDER}/${name}.md text)
  string(REPLACE "\n## " "\n)markdown\",\n       R\"markdown(## " text "${text}")
  string(APPEND out "      {\"${name}\", joined({R\"markdown(${text})markdown\"})},\n")
endforeach()
string(APPEND out "  };\n  return kTexts;\n}\n\n}  // namespace sojourn::app\n")
file(WRITE ${OUTPUT} "${out}")
