#include "app/proof_command.h"

#include <algorithm>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <ostream>
#include <sstream>
#include <utility>
#include <variant>
#include <vector>

#include "app/check_command.h"
#include "app/command_error.h"
#include "app/daemon_setup.h"
#include "app/ids_lock_file.h"
#include "app/iterable_client.h"
#include "base/text.h"
#include "connectors/only_to.h"
#include "graph/graph.h"

namespace sojourn::app {
namespace {

using base::Error;
using Json = nlohmann::json;

// The endpoint of proofs of a medium; null when Iterable has none.
const char* proof_path(graph::Medium medium) {
  switch (medium) {
    case graph::Medium::kEmail:
      return "/api/templates/email/proof";
    case graph::Medium::kSms:
      return "/api/templates/sms/proof";
    case graph::Medium::kPush:
      return "/api/templates/push/proof";
    case graph::Medium::kInApp:
      return "/api/templates/inapp/proof";
    case graph::Medium::kWebPush:
    case graph::Medium::kWhatsApp:
      return nullptr;
  }
  return nullptr;
}

Json sample(const std::string& name, const graph::Type& type) {
  using Kind = graph::Type::Kind;
  switch (type.kind) {
    case Kind::kInteger:
      return 3;
    case Kind::kNumber:
      return 9.5;
    case Kind::kBoolean:
      return true;
    case Kind::kTimestamp:
      return "2026-03-01 09:00:00 +00:00";
    case Kind::kDate:
      return "2026-03-01";
    case Kind::kTimeOfDay:
      return "09:00";
    case Kind::kTimezone:
      return "Europe/Berlin";
    case Kind::kOneOf:
      return type.choices.empty() ? Json(name) : Json(type.choices.front());
    case Kind::kList:
      return Json::array({type.element == nullptr ? Json(name) : sample(name, *type.element)});
    case Kind::kObject: {
      Json object = Json::object();
      for (const graph::TypedField& field : type.fields) {
        object[field.name] = sample(field.name, field.type);
      }
      return object;
    }
    case Kind::kAny:
    case Kind::kString:
    case Kind::kDuration:
      break;
  }
  return name;
}

base::Result<Json> read_data(const std::string& path) {
  if (path.empty()) return Json::object();
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    return base::failure(Error::Kind::kNotFound, fmt::format("cannot read {}", path));
  }
  const std::string text{std::istreambuf_iterator<char>(file), {}};
  Json json = Json::parse(text, nullptr, false);
  if (json.is_object()) return json;
  return base::failure(Error::Kind::kInvalid, fmt::format("{} is not a JSON object", path),
                       R"(write the values of the templates, as {"plan": "free"})");
}

base::Result<const graph::Graph*> named_graph(const DaemonProgram& program,
                                              const std::string& name) {
  std::vector<std::string_view> known;
  for (const graph::Graph& graph : program.graphs) {
    if (graph.journey == name) return &graph;
    known.emplace_back(graph.journey);
  }
  const auto near = base::did_you_mean(name, known);
  return base::failure(Error::Kind::kNotFound, fmt::format("no journey named `{}`", name),
                       near ? fmt::format("did you mean `{}`?", *near) : "");
}

std::vector<const graph::Campaign*> campaigns_of(const graph::Graph& graph,
                                                 const graph::Catalog& catalog) {
  std::vector<const graph::Campaign*> campaigns;
  for (const graph::Step& step : graph.steps) {
    const auto* send = std::get_if<graph::Send>(&step.action);
    const graph::Campaign* campaign =
        send == nullptr ? nullptr : catalog.find_campaign(send->campaign);
    if (campaign == nullptr || std::ranges::find(campaigns, campaign) != campaigns.end()) continue;
    campaigns.push_back(campaign);
  }
  return campaigns;
}

// Those on a list, by email or userId.
base::Result<std::vector<std::string>> members_of(const graph::StaticList& list,
                                                  IterableClient& client) {
  if (!list.id) {
    return base::failure(Error::Kind::kInvalid,
                         fmt::format("the list `{}` has no id in Iterable", list.name));
  }
  const auto text = client.get_text(fmt::format("/api/lists/getUsers?listId={}", *list.id));
  if (!text) return tl::unexpected(text.error());
  std::vector<std::string> members;
  std::istringstream lines(*text);
  for (std::string line; std::getline(lines, line);) {
    while (!line.empty() && (line.back() == '\r' || line.back() == ' ')) line.pop_back();
    if (!line.empty()) members.push_back(line);
    if (members.size() <= kMaxProofReaders) continue;
    return base::failure(
        Error::Kind::kInvalid,
        fmt::format("the list `{}` has more than {} people", list.name, kMaxProofReaders),
        "a proof goes to those who look at it: use a list of them, or an email");
  }
  return members;
}

base::Result<std::vector<std::string>> readers(const ProofOptions& options,
                                               const LoadedProject& project,
                                               IterableClient& client) {
  std::vector<std::string> people{options.to};
  if (options.to.find('@') == std::string::npos) {
    const graph::StaticList* list = project.program.catalog.find_list(options.to);
    if (list == nullptr) {
      return base::failure(Error::Kind::kNotFound,
                           fmt::format("`{}` is neither an email nor a declared list", options.to),
                           "declare the list: `list proof_readers = 7`");
    }
    auto members = members_of(*list, client);
    if (!members) return tl::unexpected(members.error());
    people = std::move(*members);
  }
  if (people.empty()) {
    return base::failure(Error::Kind::kConflict, fmt::format("nobody is on `{}`", options.to));
  }
  if (!project.config.only_to) return people;
  const auto only_to = connectors::OnlyTo::from_patterns(*project.config.only_to);
  if (!only_to) return tl::unexpected(only_to.error());
  for (const std::string& person : people) {
    if (only_to->allowed(person.find('@') == std::string::npos ? "" : person)) continue;
    return base::failure(
        Error::Kind::kConflict,
        fmt::format("`only_to` in sojourn.toml does not let {} be written to", person));
  }
  return people;
}

class Prover {
 public:
  Prover(const dsl::IdsLock& lock, const Json& data, const std::vector<std::string>& people,
         IterableClient& client, std::ostream& out)
      : lock_(lock), data_(data), people_(people), client_(client), out_(out) {}

  // Whether everybody got it.
  bool prove(const graph::Campaign& campaign) {
    const char* path = proof_path(campaign.medium);
    if (path == nullptr) {
      return cannot(campaign,
                    fmt::format("Iterable has no proofs of `{}`", to_string(campaign.medium)));
    }
    const dsl::LockedCampaign* locked = campaign.id ? lock_.find_campaign(*campaign.id) : nullptr;
    if (locked == nullptr || !locked->template_id) {
      return cannot(campaign, "its template is not in ids.lock; `sojourn pull` reads it");
    }
    Json values = sample_data(campaign);
    values.update(data_);
    for (const std::string& person : people_) {
      const bool is_email = person.find('@') != std::string::npos;
      const Json body = {{"templateId", *locked->template_id},
                         {is_email ? "recipientEmail" : "recipientUserId", person},
                         {"dataFields", values}};
      // A proof that was sent twice is no harm, but one whose answer is lost is not sent again.
      const auto answer = client_.post(path, body, false, IterableClient::kProofPause);
      if (!answer) return cannot(campaign, answer.error().message);
    }
    out_ << fmt::format("{}: sent to {}\n", campaign.name, people_.size());
    return true;
  }

 private:
  bool cannot(const graph::Campaign& campaign, const std::string& why) {
    out_ << fmt::format("{}: not sent: {}\n", campaign.name, why);
    return false;
  }

  const dsl::IdsLock& lock_;
  const Json& data_;
  const std::vector<std::string>& people_;
  IterableClient& client_;
  std::ostream& out_;
};

}  // namespace

Json sample_data(const graph::Campaign& campaign) {
  Json data = Json::object();
  for (const graph::TypedField& field : campaign.data) {
    data[field.name] = sample(field.name, field.type);
  }
  return data;
}

int proof(const ProofOptions& options, std::ostream& out, std::ostream& err) {
  int code = kCouldNotRun;
  const auto project = load_for_daemon(options.project, options.environment, err, code);
  if (!project) return code;
  const auto graph = named_graph(project->program, options.journey);
  if (!graph) return report_error(graph.error(), err);
  const auto lock = read_lock(project->config.root + "/" + lock_file_name(options.environment));
  if (!lock) return report_error(lock.error(), err);
  const auto data = read_data(options.data_file);
  if (!data) return report_error(data.error(), err);
  const auto client = IterableClient::open(project->config);
  if (!client) return report_error(client.error(), err);
  const auto people = readers(options, *project, **client);
  if (!people) return report_error(people.error(), err);

  const auto campaigns = campaigns_of(**graph, project->program.catalog);
  if (campaigns.empty()) out << options.journey << " sends nothing\n";
  Prover prover(*lock, *data, *people, **client, out);
  bool all_sent = true;
  for (const graph::Campaign* campaign : campaigns) {
    if (!prover.prove(*campaign)) all_sent = false;
  }
  return all_sent ? kClean : kFindings;
}

}  // namespace sojourn::app
