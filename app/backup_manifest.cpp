#include "app/backup_manifest.h"

#include <fmt/format.h>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <openssl/evp.h>
#include <vector>

namespace sojourn::app {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kFormat = 1;

tl::unexpected<base::Error> unusable(const std::string& folder, const std::string& why) {
  return base::failure(base::Error::Kind::kInvalid,
                       fmt::format("`{}` is not a backup: {}", folder, why),
                       "name a folder that `sojourn backup` has made");
}

}  // namespace

std::string encode(const BackupManifest& manifest) {
  const Json json{{"format", kFormat},
                  {"sequence", manifest.sequence},
                  {"as_of", base::to_iso8601(manifest.as_of)},
                  {"as_of_millis", manifest.as_of.millis},
                  {"bytes", manifest.bytes},
                  {"sha256", manifest.sha256}};
  return json.dump(2) + "\n";
}

base::Result<BackupManifest> read_manifest(const std::string& folder) {
  std::ifstream in(folder + "/" + kManifestFile, std::ios::binary);
  if (!in) return unusable(folder, fmt::format("there is no {}", kManifestFile));
  const Json json = Json::parse(in, nullptr, false);
  const auto is_number = [&](const char* name) {
    return json.contains(name) && json[name].is_number_integer();
  };
  const bool is_whole = json.is_object() && is_number("format") && is_number("sequence") &&
                        is_number("as_of_millis") && is_number("bytes") &&
                        json.contains("sha256") && json["sha256"].is_string();
  if (!is_whole) return unusable(folder, fmt::format("its {} cannot be read", kManifestFile));
  if (json["format"].get<int>() != kFormat) {
    return unusable(folder, fmt::format("its {} is of format {}, and this program knows format {}",
                                        kManifestFile, json["format"].get<int>(), kFormat));
  }
  return BackupManifest{json["sequence"].get<std::uint64_t>(),
                        base::Instant{json["as_of_millis"].get<std::int64_t>()},
                        json["bytes"].get<std::uint64_t>(), json["sha256"].get<std::string>()};
}

base::Result<std::string> sha256_of(const std::string& path) {
  const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> hash(EVP_MD_CTX_new(),
                                                                     EVP_MD_CTX_free);
  std::ifstream in(path, std::ios::binary);
  bool ok = in && hash && EVP_DigestInit_ex(hash.get(), EVP_sha256(), nullptr) == 1;
  std::vector<char> part(std::size_t{1} << 20);
  while (ok && in) {
    in.read(part.data(), static_cast<std::streamsize>(part.size()));
    ok = EVP_DigestUpdate(hash.get(), part.data(), static_cast<std::size_t>(in.gcount())) == 1;
  }
  std::vector<unsigned char> digest(EVP_MAX_MD_SIZE);
  unsigned int size = 0;
  ok = ok && in.eof() && EVP_DigestFinal_ex(hash.get(), digest.data(), &size) == 1;
  if (!ok) {
    return base::failure(base::Error::Kind::kInvalid, fmt::format("cannot read `{}`", path),
                         "look at the permissions of the file");
  }
  std::string hex;
  for (unsigned int i = 0; i < size; ++i) hex += fmt::format("{:02x}", digest[i]);
  return hex;
}

}  // namespace sojourn::app
