#include "app/push_command.h"

#include <algorithm>
#include <cstdint>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>
#include <ostream>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/campaign_push.h"
#include "app/check_command.h"
#include "app/command_error.h"
#include "app/daemon_setup.h"
#include "app/iterable_client.h"
#include "app/project_reader.h"
#include "app/template_files.h"
#include "base/percent.h"

namespace sojourn::app {
namespace {

using base::Error;
using Json = nlohmann::json;

// What Iterable has under the key of a file.
struct Difference {
  std::vector<KeyedTemplate> templates;  // none: it is new
  std::set<std::string> changed;         // fields, by Iterable's names
  bool differs() const { return templates.empty() || !changed.empty(); }
};

base::Result<std::vector<KeyedTemplate>> templates_of(const std::string& key,
                                                      IterableClient& client) {
  const auto answer = client.get("/api/templates/getByClientTemplateId?clientTemplateId=" +
                                 base::percent_encoded(key));
  std::vector<KeyedTemplate> found;
  if (!answer) {
    if (answer.error().kind == Error::Kind::kNotFound) return found;
    return tl::unexpected(answer.error());
  }
  if (!answer->is_object() || !answer->contains("templates")) return found;
  for (const Json& item : answer->at("templates")) {
    if (item.is_object() && item.contains("templateId") && item["templateId"].is_number_integer()) {
      const auto campaign = item.find("campaignId");
      const bool of_campaign = campaign != item.end() && campaign->is_number_integer();
      found.push_back({item["templateId"].get<std::int64_t>(), of_campaign});
    }
  }
  return found;
}

// A name stands beside the content, or in its metadata.
bool is_same(const Json& there, const std::string& field, const Json& wanted) {
  if (there.contains(field)) return there[field] == wanted;
  const auto metadata = there.find("metadata");
  return metadata != there.end() && metadata->is_object() && metadata->contains(field) &&
         metadata->at(field) == wanted;
}

base::Result<Difference> difference(const TemplateFile& file, IterableClient& client) {
  auto templates = templates_of(file.key, client);
  if (!templates) return tl::unexpected(templates.error());
  Difference difference{std::move(*templates), {}};
  for (const KeyedTemplate& keyed : difference.templates) {
    std::string target = fmt::format("/api/templates/{}/get?templateId={}", file.medium, keyed.id);
    if (!file.locale.empty()) target += "&locale=" + base::percent_encoded(file.locale);
    const auto there = client.get(target);
    if (!there && there.error().kind != Error::Kind::kNotFound) {
      return tl::unexpected(there.error());
    }
    // Nothing in this language yet.
    const Json content = there && there->is_object() ? *there : Json::object();
    for (const auto& [field, wanted] : file.fields.items()) {
      if (!is_same(content, field, wanted)) difference.changed.insert(field);
    }
  }
  return difference;
}

std::string words(const Difference& difference) {
  if (difference.templates.empty()) return "new";
  if (difference.changed.empty()) return "as it is";
  const std::size_t templates = difference.templates.size();
  return fmt::format("changes {}{}", fmt::join(difference.changed, ", "),
                     templates == 1 ? std::string() : fmt::format(" of {} templates", templates));
}

base::Status upsert(const TemplateFile& file, IterableClient& client) {
  Json body = file.fields;
  body["clientTemplateId"] = file.key;
  const auto done = client.post(fmt::format("/api/templates/{}/upsert", file.medium), body, true);
  if (!done) return tl::unexpected(done.error());
  return {};
}

// How much there is of something, and how much of it differs.
struct Count {
  std::size_t all = 0;
  std::size_t pending = 0;
};

std::string words(const Count& count, std::string_view what) {
  return fmt::format("{} of {} {}{}", count.pending, count.all, what, count.all == 1 ? "" : "s");
}

// Goes through the files one after the other, up to the first that Iterable refuses.
class Push {
 public:
  Push(IterableClient& client, bool write, std::ostream& out)
      : client_(client), write_(write), out_(out) {}

  base::Status all(const std::vector<TemplateFile>& files) {
    const bool any =
        std::ranges::any_of(files, [](const TemplateFile& file) { return !file.campaign.empty(); });
    if (any) {
      auto campaigns = read_triggered_campaigns(
          [this](const std::string& target) { return client_.get(target); });
      if (!campaigns) return tl::unexpected(campaigns.error());
      campaigns_there_ = std::move(*campaigns);
    }
    for (const TemplateFile& file : files) {
      auto done = content(file);
      if (done && !file.campaign.empty()) done = campaign(file);
      if (!done) return done;
    }
    sum_up();
    return {};
  }

 private:
  base::Status content(const TemplateFile& file) {
    auto found = difference(file, client_);
    if (!found) return tl::unexpected(found.error());
    ++templates_.all;
    out_ << fmt::format("{}: {}\n", file.key, words(*found));
    const bool differs = found->differs();
    keyed_ = std::move(found->templates);
    if (!differs) return {};
    ++templates_.pending;
    return write_ ? upsert(file, client_) : base::Status();
  }

  // After its template, which it is made of.
  base::Status campaign(const TemplateFile& file) {
    const auto found = campaign_difference(file, keyed_, campaigns_there_);
    if (!found) return tl::unexpected(found.error());
    ++campaigns_.all;
    out_ << fmt::format("{}: campaign `{}`: {}\n", file.key, file.campaign, words(*found));
    if (found->has_other_template) {
      out_ << fmt::format(
          "  it sends another template, which has not the key `{}`: in Iterable, give "
          "it this one\n",
          file.key);
    }
    if (!found->differs()) return {};
    ++campaigns_.pending;
    if (!write_) return {};
    if (keyed_.empty()) {
      auto templates = templates_of(file.key, client_);
      if (!templates) return tl::unexpected(templates.error());
      keyed_ = std::move(*templates);
    }
    const auto id = write_campaign(file, *found, keyed_, client_);
    if (!id) return tl::unexpected(id.error());
    out_ << fmt::format("  its id is {}; `sojourn pull` takes it over\n", *id);
    return {};
  }

  void sum_up() {
    if (templates_.pending + campaigns_.pending == 0) return;
    out_ << words(templates_, "template");
    if (campaigns_.all > 0) out_ << " and " << words(campaigns_, "campaign");
    out_ << (write_ ? " written\n" : " would change; say it again with --yes to do it\n");
  }

  IterableClient& client_;
  const bool write_;
  std::ostream& out_;
  std::vector<dsl::LockedCampaign> campaigns_there_;
  std::vector<KeyedTemplate> keyed_;  // of the file that is worked on
  Count templates_;
  Count campaigns_;
};

}  // namespace

int push(const PushOptions& options, std::ostream& out, std::ostream& err) {
  int code = kCouldNotRun;
  const auto project = load_for_daemon(options.project, options.environment, err, code);
  if (!project) return code;
  const auto files = read_template_files(project->config.root, project->program.catalog);
  if (!files) return report_error(files.error(), err);
  if (files->empty()) {
    out << "there are no templates: they are files `" << kTemplateFolder << "/KEY.toml`\n";
    return kClean;
  }
  const auto client = IterableClient::open(project->config);
  if (!client) return report_error(client.error(), err);
  if (const auto done = Push(**client, options.yes, out).all(*files); !done) {
    return report_error(done.error(), err);
  }
  return kClean;
}

}  // namespace sojourn::app
