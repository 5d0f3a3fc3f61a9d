# cmake -D FOLDER=… -D OUTPUT=… -P EmbedPages.cmake
# Writes a .cpp with the pages of the messages (FOLDER/J*.md) and the declared world
# of their examples (FOLDER/world.journey) as string literals: dsl/pages.h reads it.
file(GLOB pages ${FOLDER}/J*.md)
list(SORT pages)
set(out "#include \"dsl/pages.h\"\n\nnamespace sojourn::dsl {\n\n")
string(APPEND out "const std::vector<PageText>& page_texts() {\n")
string(APPEND out "  static const std::vector<PageText> kPages = {\n")
foreach(page IN LISTS pages)
  get_filename_component(name ${page} NAME_WE)
  file(READ ${page} text)
  string(APPEND out "      {\"${name}\", R\"page(${text})page\"},\n")
endforeach()
file(READ ${FOLDER}/world.journey text)
string(APPEND out "  };\n  return kPages;\n}\n\n")
string(APPEND out "std::string_view example_world() {\n  return R\"page(${text})page\";\n}\n\n")
string(APPEND out "}  // namespace sojourn::dsl\n")
file(WRITE ${OUTPUT} "${out}")
