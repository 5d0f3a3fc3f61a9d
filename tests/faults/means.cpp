#include "tests/faults/means.h"

#include <array>
#include <filesystem>
#include <fmt/format.h>
#include <map>
#include <unistd.h>

#include "tests/e2e/process.h"
#include "tests/faults/memory_group.h"

namespace sojourn::faults {
namespace {

using e2e::Words;

// Whether a shell carries the text out, every command of it; what it says is the reason otherwise.
std::optional<std::string> refused(const std::string& script) {
  const auto log = std::filesystem::temp_directory_path() / fmt::format("faults-try-{}", getpid());
  const e2e::Finished tried = e2e::run_to_end({"sh", "-ec", script}, log);
  for (const char* suffix : {".out", ".err"}) std::filesystem::remove(log.string() + suffix);
  if (tried.code == 0) return std::nullopt;
  const std::string said = tried.err.substr(0, tried.err.find('\n'));
  return said.empty() ? fmt::format("trying it ended with {}", tried.code) : said;
}

std::optional<std::string> refused_mount(const std::string& mkfs, int mebibytes) {
  return refused(
      fmt::format("d=$(mktemp -d); trap 'umount $d/m 2>/dev/null || true; rm -r $d' EXIT;"
                  "truncate -s {}M $d/f; {} $d/f >/dev/null; mkdir $d/m;"
                  "mount -o loop $d/f $d/m",
                  mebibytes, mkfs));
}

std::optional<std::string> look_for(Means means) {
  const std::string name = fmt::format("faults{}", getpid());
  switch (means) {
    case Means::kRoot:
      if (geteuid() == 0) return std::nullopt;
      return "this is not root";
    case Means::kStrace:
      return refused("strace -D -f -o /dev/null -e trace=getpid -e inject=getpid:retval=1 true");
    case Means::kNetworkNamespace:
      return refused(
          fmt::format("ip netns add {0}; trap 'ip netns del {0}' EXIT;"
                      "ip link add {0}v type veth peer name {0}w netns {0};"
                      "ip link del {0}v",
                      name));
    case Means::kPacketFilter:
      return refused(
          fmt::format("ip netns add {0}; trap 'ip netns del {0}' EXIT;"
                      "ip netns exec {0} iptables -A OUTPUT -p tcp -j REJECT "
                      "--reject-with tcp-reset",
                      name));
    case Means::kMemoryCgroup:
      return MemoryGroup::missing();
    case Means::kLoopMount:
      return refused_mount("mkfs.ext4 -q", 16);
    case Means::kXfs:
      return refused_mount("mkfs.xfs -q", 320);
    case Means::kFaketime:
      if (!faketime_library().empty()) return std::nullopt;
      return "libfaketime is not installed";
    case Means::kOpenssl:
      return refused("openssl version");
    case Means::kMountNamespace:
      return refused("unshare --mount mount --bind /etc/hosts /etc/hosts");
  }
  return "there is no such means";
}

}  // namespace

std::string_view to_string(Means means) {
  constexpr std::array<std::string_view, 10> kNames{
      "root",       "strace", "network namespaces", "packet filter", "memory cgroup",
      "loop mount", "xfs",    "libfaketime",        "openssl",       "mount namespaces"};
  return kNames.at(static_cast<std::size_t>(means));
}

const std::optional<std::string>& missing(Means means) {
  static std::map<Means, std::optional<std::string>> known;
  const auto found = known.find(means);
  if (found != known.end()) return found->second;
  return known.emplace(means, look_for(means)).first->second;
}

std::optional<std::string> first_missing(const std::vector<Means>& needs) {
  for (const Means means : needs) {
    if (const auto& why = missing(means)) return fmt::format("{}: {}", to_string(means), *why);
  }
  return std::nullopt;
}

std::string faketime_library() {
  constexpr std::array<const char*, 3> kPlaces{
      "/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1",
      "/usr/lib/aarch64-linux-gnu/faketime/libfaketimeMT.so.1",
      "/usr/lib/faketime/libfaketimeMT.so.1"};
  for (const char* place : kPlaces) {
    if (std::filesystem::exists(place)) return place;
  }
  return {};
}

}  // namespace sojourn::faults
