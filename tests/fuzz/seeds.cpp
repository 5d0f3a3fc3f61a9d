#include "tests/fuzz/seeds.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <fmt/format.h>

#include "connectors/iterable/webhooks/notice_kind.h"
#include "tests/fuzz/inputs.h"
#include "tests/fuzz/lived_store.h"
#include "tests/golden/journey_texts.h"
#include "tests/transcripts/transcript_file.h"

namespace sojourn::fuzz {
namespace {

using transcripts::Exchange;

std::vector<Exchange> exchanges() {
  std::vector<Exchange> all;
  std::vector<std::string> files;
  for (const auto& entry :
       std::filesystem::directory_iterator(SOJOURN_SOURCE_DIR "/tests/transcripts")) {
    if (entry.path().extension() == ".txt") files.push_back(entry.path());
  }
  std::ranges::sort(files);
  for (const std::string& file : files) {
    for (Exchange& exchange : transcripts::TranscriptReader().read(file)) {
      if (exchange.what == Exchange::What::kAsks) all.push_back(std::move(exchange));
    }
  }
  return all;
}

std::vector<std::string> journeys() {
  std::vector<std::string> texts;
  for (const golden::JourneyText& text : golden::journey_texts()) texts.push_back(text.text);
  return texts;
}

// The TOML that a page of the documentation shows.
std::vector<std::string> examples_of(const std::string& page) {
  constexpr std::string_view kFence = "\n```toml\n";
  const std::string text = read_file(SOJOURN_SOURCE_DIR "/docs/" + page + ".md");
  std::vector<std::string> examples;
  for (std::size_t at = text.find(kFence); at != std::string::npos; at = text.find(kFence, at)) {
    at += kFence.size();
    examples.push_back(text.substr(at, text.find("\n```", at) + 1 - at));
  }
  return examples;
}

// What the transcripts ask of Iterable, and what there is besides.
std::vector<std::string> requests() {
  constexpr auto kOthers = std::to_array<std::string_view>({
      R"(POST /v1/journeys/winback/entries off
{"email":"ada@example.com","id":"e-1","createdAt":1772355600,"dataFields":{"plan":"pro","seats":3}})",
      R"(POST /v1/engagements off
{"email":"ada@example.com","engagement":"clicked","messageKey":"0123456789abcdeffedcba9876543210","campaignId":11,"url":"https://example.com","id":"c-1"})",
      R"(POST /v1/track off
{"type":"track","userId":"u-1","event":"Purchase","properties":{"amount":3.5,"currency":"eur"},"messageId":"s-1","timestamp":"2026-03-01T09:00:00.000Z"})",
      R"(POST /v1/identify off
{"userId":"u-1","traits":{"email":"ada@example.com","plan":"pro","address":{"city":"Bonn"}}})",
      R"(POST /v1/alias off
{"previousId":"anonymous-1","userId":"u-1"})",
      R"(POST /v1/batch shape
{"batch":[{"type":"track","anonymousId":"a-1","event":"login"},{"type":"identify","userId":"u-1","traits":{"vip":true}},{"type":"page"}]})",
      R"(POST /v1/events off
[{"event":"signup","email":"ada@example.com","id":"e-1","createdAt":"2026-03-01T09:00:00Z","data":{"plan":"pro","seats":3,"tags":["a"]}}])",
      R"(POST /v1/events shape
{"data":{"batch":[{"type":"order","who":{"mail":"ada@example.com","id":7},"key":"k","at":1772355600,"fields":{"total":3,"items":[{"id":"i","price":1,"quantity":2}]}}]}})",
      R"(POST /api/workflows/triggerWorkflow queue
{"workflowId":4711,"email":"ada@example.com","dataFields":{"plan":"pro"}})",
      R"(PATCH /api/subscriptions/messageType/1/user/ada%40example.com queue
)",
      R"(DELETE /api/subscriptions/emailList/21/byUserId/u-1 queue
)",
      R"(PUT /api/subscriptions/messageChannel/31?action=unsubscribe queue
{"users":["ada@example.com"],"usersByUserId":["u-1"]})",
      R"(DELETE /api/users/ada@example.com queue
)",
      R"(DELETE /api/users/byUserId/u-1 ask
)",
      R"(POST /api/users/update queue
{"email":"ada@example.com","userId":"u-1","preferUserId":true,"mergeNestedObjects":true,"dataFields":{"plan":"pro","seats":7,"score":1.5,"vip":true,"tags":["a","b"],"birthday":"1990-02-03","trialEndsAt":"2026-03-15 09:00:00 +00:00","address":{"city":"Bonn","zip":"53111"},"email":"new@example.com"}})",
  });
  std::vector<std::string> all(kOthers.begin(), kOthers.end());
  constexpr std::array kModes{"off", "ask", "queue"};
  for (const Exchange& exchange : exchanges()) {
    if (exchange.method == "GET") continue;
    all.push_back(fmt::format("{} {} {}\n{}", exchange.method, exchange.target(),
                              kModes.at(all.size() % kModes.size()), exchange.body));
  }
  return all;
}

// The same with a head, some of them one after another and in chunks.
std::vector<std::string> connections() {
  std::vector<std::string> all;
  for (const Exchange& exchange : exchanges()) {
    const std::string begin =
        fmt::format("{} {} HTTP/1.1\r\nHost: localhost:8080\r\nApi-Key: k\r\n", exchange.method,
                    exchange.target());
    const std::string& body = exchange.body;
    all.push_back(begin + fmt::format("Content-Length: {}\r\n\r\n{}", body.size(), body));
    all.push_back(begin + "Transfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n" +
                  (body.empty() ? "" : fmt::format("{:x}\r\n{}\r\n", body.size(), body)) +
                  "0\r\n\r\n" + all.back());
  }
  all.emplace_back("GET /healthz HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  return all;
}

// What Iterable answers there, as the actions of the connector get it.
std::vector<std::string> answers() {
  std::vector<std::string> all{
      "200\n{\"score\":60,\"grade\":\"a\",\"notes\":[\"x\"],\"seen\":\"2026-03-01T09:00:00Z\","
      "\"more\":{\"left\":1,\"right\":{\"a\":[1]}}}",
      "200\n{\"messages\":[{\"campaignId\":11,\"messageId\":\"m\"},{\"campaignId\":12}]}",
      "200\n{\"successCount\":1,\"failCount\":2,\"failedUpdates\":{\"invalidEmails\":[\"ada@"
      "example.com\"],"
      "\"notFoundUserIds\":[\"u-1\",\"u-2\"]},\"disallowedEventNames\":[\"login\"]}",
      "503 120\n<html><body>busy</body></html>"};
  for (const Exchange& exchange : exchanges()) {
    all.push_back(fmt::format("{} {}\n{}", exchange.status, exchange.retry_after,
                              exchange.answer ? exchange.answer->dump() : ""));
  }
  return all;
}

// One of each kind of notice, with what such a kind can say.
std::vector<std::string> notices() {
  std::vector<std::string> all;
  for (const auto& kind : connectors::iterable::notice_kinds()) {
    all.push_back(fmt::format(
        R"({{"email":"ada@example.com","userId":"u-1","eventName":"{}","dataFields":{{"createdAt":"2026-03-01 09:00:00 +00:00","campaignId":11,"messageId":"m-{}","messageTypeId":1,"channelId":31,"channelIds":[31,32],"messageTypeIds":[1],"url":"https://example.com/a","recipientState":"HardBounce","unsubSource":"EmailLink","reason":"Cap","smsMessage":"STOP","isBot":false,"transactionalData":{{"sojournMessageKey":"0123456789abcdeffedcba9876543210"}},"metadata":"{{\"sojournMessageKey\":\"0123456789abcdeffedcba9876543210\"}}"}}}})",
        kind.event_name, all.size()));
  }
  return all;
}

std::vector<std::string> addresses() {
  return {"https://scores.example.com/one?a=b", "http://127.0.0.1:8080",
          "https://[2001:db8::1]:8443/x",       "http://localhost/",
          "https://user:word@host.example/",    "https://a.example.com:65535#x",
          "https://xn--bcher-kva.example./",    "a=b%20c&d=%C3%A9"};
}

// The files of the projects in the tree, and one of each other kind.
std::vector<std::string> configs() {
  std::vector<std::string> all{
      R"(template
medium = "email"
name = "Welcome"
subject = "Hello"
from_email = "crm@example.com"
message_type = "news"
)",
      R"(lock
{"format":1,"iterable":"https://api.iterable.com","environment":"","catalog":"9f3c","channels":[{"id":31,"name":"Marketing","kind":"marketing","medium":"email"}],"message_types":[{"id":41,"name":"News","channel":31,"consent":"opt_in"}],"campaigns":[{"id":101,"name":"Welcome","type":"triggered","state":"running","medium":"email","template":901,"message_type":41}],"lists":[{"id":7,"name":"VIPs","type":"standard"}],"user_fields":[{"name":"plan","type":"string"}],"events":["login"]})",
      "Basic a2V5Og=="};
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(SOJOURN_SOURCE_DIR "/examples")) {
    const std::string name = entry.path().filename();
    if (name == "sojourn.toml") all.push_back("config\n" + read_file(entry.path()));
  }
  for (const std::string page : {"running", "webhooks", "intake", "simulate", "way_back"}) {
    for (std::string& example : examples_of(page)) {
      all.push_back((page == "simulate" ? "model\n" : "config\nproject = \"p\"\n") + example);
    }
  }
  std::ranges::sort(all);
  return all;
}

// What the cells of a lived-in store hold, by the letter of the codec that reads it.
std::vector<std::string> rows() {
  // By RowKind; a space: read by no codec of its own.
  constexpr std::string_view kLetters = "hEpeqEswlSUoaHDtn";
  std::vector<std::string> all;
  for (const store::Cell& cell : lived_cells()) {
    if (cell.table == "delivery") all.push_back("d" + cell.body);
    if (cell.table == "graph") all.push_back("g" + cell.body);
    if (cell.table == "fan_out") all.push_back((all.size() % 2 == 0 ? "f" : "u") + cell.body);
    const std::size_t kind = cell.where.find(" kind = ");
    if (kind == std::string::npos) continue;
    const int number = std::stoi(cell.where.substr(kind + 8));
    const bool is_census = number == 7 && cell.where.find("user_number = 0 ") != std::string::npos;
    all.push_back((is_census ? 'c' : kLetters.at(static_cast<std::size_t>(number))) + cell.body);
  }
  return all;
}

// Each cell as it is, and the file as it is, to begin changes with.
std::vector<std::string> changes() {
  std::vector<std::string> all{"F"};
  for (std::size_t i = 0; i < lived_cells().size(); ++i) {
    all.push_back(std::string("B") + static_cast<char>(i >> 8U) + static_cast<char>(i & 0xffU) +
                  lived_cells()[i].body);
  }
  return all;
}

}  // namespace

std::vector<std::string> seeds_of(std::string_view target) {
  if (target == "language") return journeys();
  if (target == "http") return connections();
  if (target == "intake") return requests();
  if (target == "notice") return notices();
  if (target == "answer") return answers();
  if (target == "config") return configs();
  if (target == "address") return addresses();
  if (target == "row") return rows();
  if (target == "store") return changes();
  return {};
}

}  // namespace sojourn::fuzz
