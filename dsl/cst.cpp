#include "dsl/cst.h"

namespace sojourn::dsl {
namespace {

constexpr std::string_view kNames[] = {
#define SOJOURN_CST(enumerator) #enumerator,
#include "dsl/cst_kinds.def"
#undef SOJOURN_CST
};

}  // namespace

std::string_view cst_kind_name(CstKind kind) {
  return kNames[static_cast<std::size_t>(kind)].substr(1);
}

std::string dump_cst(const Cst& cst, const std::vector<Token>& tokens, std::string_view text) {
  std::string out;
  std::vector<std::uint32_t> ends;
  for (std::uint32_t i = 0; i < cst.size(); ++i) {
    const CstNode& node = cst[i];
    while (!ends.empty() && ends.back() <= i) ends.pop_back();
    out.append(2 * ends.size(), ' ');
    out += cst_kind_name(node.kind);
    if (node.incomplete) out += " (incomplete)";
    if (node.end == i + 1 && node.last > node.first) {
      const Token& last = tokens[node.last - 1];
      const std::uint32_t begin = tokens[node.first].offset;
      out += ": ";
      out += text.substr(begin, last.end() - begin);
    }
    out += '\n';
    ends.push_back(node.end);
  }
  return out;
}

}  // namespace sojourn::dsl
