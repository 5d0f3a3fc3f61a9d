#include "runtime/uv/http_client.h"

#include <algorithm>
#include <curl/curl.h>
#include <deque>
#include <fmt/format.h>

#include "base/check.h"
#include "runtime/uv/curl_failure.h"
#include "runtime/uv/curl_global.h"
#include "runtime/uv/curl_multi.h"
#include "runtime/uv/loop.h"
#include "runtime/uv/parsed_urls.h"
#include "runtime/uv/quoted_secret.h"

namespace sojourn::uv {
namespace {

// Idle connections are not used again after this: load balancers close theirs after
// a minute, and a request that meets the closing is in doubt.
constexpr long kMaxIdleSeconds = 50;

bool has_control_character(const std::string& text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < ' '; });
}

// Shorter ones would be found in texts that do not quote them.
constexpr std::size_t kLeastSecretBytes = 8;

// The value of a header that lets its bearer in, without the scheme; empty of others.
std::string_view secret_of(const HttpHeader& header) {
  std::string_view value = header.value;
  if (equal_ignoring_case(header.name, "authorization")) {
    value.remove_prefix(std::min(value.size(), value.find(' ') + 1));
  } else if (!equal_ignoring_case(header.name, "api-key")) {
    return {};
  }
  return value.size() < kLeastSecretBytes ? std::string_view() : value;
}

void take_out(std::string& text, const std::vector<QuotedSecret>& secrets) {
  for (const QuotedSecret& secret : secrets) secret.take_out(text);
}

// Null: curl's own name for the call.
const char* custom_method(HttpCall::Method method) {
  switch (method) {
    case HttpCall::Method::kGet:
    case HttpCall::Method::kPost:
      break;
    case HttpCall::Method::kPut:
      return "PUT";
    case HttpCall::Method::kPatch:
      return "PATCH";
    case HttpCall::Method::kDelete:
      return "DELETE";
  }
  return nullptr;
}

}  // namespace

class HeaderSet {
 public:
  explicit HeaderSet(const std::vector<HttpHeader>& headers) {
    // An empty value takes the header away; with it, curl would wait a second for
    // `100 Continue` before it sends a large body.
    append("Expect:");
    for (const HttpHeader& header : headers) {
      SOJOURN_CHECK(!has_control_character(header.name) && !has_control_character(header.value),
                    "a header holds no control characters");
      append(fmt::format("{}: {}", header.name, header.value));
      const std::string_view secret = secret_of(header);
      if (!secret.empty()) secrets_.emplace_back(secret);
    }
  }
  ~HeaderSet() { curl_slist_free_all(list_); }
  HeaderSet(const HeaderSet&) = delete;
  HeaderSet& operator=(const HeaderSet&) = delete;

  curl_slist* list() const { return list_; }
  const std::vector<QuotedSecret>& secrets() const { return secrets_; }

 private:
  void append(const std::string& line) {
    list_ = curl_slist_append(list_, line.c_str());
    SOJOURN_CHECK(list_ != nullptr, "curl has memory for a header");
  }
  curl_slist* list_ = nullptr;
  std::vector<QuotedSecret> secrets_;
};

std::shared_ptr<const HeaderSet> make_header_set(const std::vector<HttpHeader>& headers) {
  return std::make_shared<const HeaderSet>(headers);
}

const std::string* HttpReply::header(std::string_view name) const {
  for (const HttpHeader& header : headers) {
    if (equal_ignoring_case(header.name, name)) return &header.value;
  }
  return nullptr;
}

class HttpClient::Impl {
 public:
  Impl(Loop& loop, HttpClientOptions options)
      : options_(std::move(options)),
        no_headers_(make_header_set({})),
        multi_(loop, options_.max_connections,
               [this](CURL* easy, CURLcode code) { finish(easy, code); }),
        before_poll_(loop, [this] { start_queued(); }) {}

  ~Impl() {
    for (const std::unique_ptr<Transfer>& transfer : transfers_) {
      if (transfer->done) multi_.remove(transfer->easy);
      curl_easy_cleanup(transfer->easy);
    }
  }

  bool send(HttpCall call, Callback<void(HttpOutcome)> done) {
    if (queue_.size() >= options_.max_queued) return false;
    ++stats_.calls;
    queue_.push_back({std::move(call), std::move(done)});
    return true;
  }

  HttpClientStats stats() const {
    HttpClientStats stats = stats_;
    stats.in_flight = transfers_.size() - idle_.size();
    stats.queued = queue_.size();
    return stats;
  }

 private:
  struct Queued {
    HttpCall call;
    Callback<void(HttpOutcome)> done;
  };

  // A reused curl handle and the call it carries, if `done` is set.
  struct Transfer {
    Impl* owner = nullptr;
    CURL* easy = nullptr;
    HttpCall call;
    Callback<void(HttpOutcome)> done;
    std::string body;
    CurlMulti::Gate gate;
    bool repeat_refused = false;
    bool body_too_large = false;
    char error_text[CURL_ERROR_SIZE] = {};
  };

  void start_queued() {
    while (!queue_.empty()) {
      Transfer* transfer = idle_transfer();
      if (transfer == nullptr) break;
      Queued next = std::move(queue_.front());
      queue_.pop_front();
      transfer->call = std::move(next.call);
      transfer->done = std::move(next.done);
      start(*transfer);
    }
    multi_.drive();
  }

  // Null when as many are under way as allowed: more would only make curl walk them.
  Transfer* idle_transfer() {
    if (!idle_.empty()) {
      Transfer* transfer = idle_.back();
      idle_.pop_back();
      return transfer;
    }
    if (transfers_.size() == options_.max_connections) return nullptr;
    return make_transfer();
  }

  Transfer* make_transfer() {
    auto owned = std::make_unique<Transfer>();
    Transfer* transfer = owned.get();
    transfer->owner = this;
    transfer->easy = curl_easy_init();
    SOJOURN_CHECK(transfer->easy != nullptr, "curl has memory for a handle");
    set_constant_options(*transfer);
    transfer->gate.public_addresses_only = options_.public_addresses_only;
    multi_.adopt(transfer->easy, transfer->gate);
    transfers_.push_back(std::move(owned));
    return transfer;
  }

  void set_constant_options(Transfer& transfer) {
    CURL* easy = transfer.easy;
    curl_easy_setopt(easy, CURLOPT_PRIVATE, &transfer);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer.error_text);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, &transfer);
    curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, on_request);
    curl_easy_setopt(easy, CURLOPT_PREREQDATA, &transfer);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_PROXY, "");
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, options_.allow_http ? "http,https" : "https");
    curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, long{CURL_HTTP_VERSION_1_1});
    curl_easy_setopt(easy, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, options_.user_agent.c_str());
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, long{options_.connect_timeout.count});
    curl_easy_setopt(easy, CURLOPT_MAXAGE_CONN, kMaxIdleSeconds);
    curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE,
                     static_cast<curl_off_t>(options_.max_response_bytes));
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(easy, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(easy, CURLOPT_SSLVERSION, long{CURL_SSLVERSION_TLSv1_2});
    if (!options_.ca_file.empty()) {
      curl_easy_setopt(easy, CURLOPT_CAINFO, options_.ca_file.c_str());
      curl_easy_setopt(easy, CURLOPT_CAPATH, nullptr);
    }
  }

  void start(Transfer& transfer) {
    CURL* easy = transfer.easy;
    const HttpCall& call = transfer.call;
    const HeaderSet& headers = call.headers ? *call.headers : *no_headers_;
    // The paths of the others mostly name a person, so that keeping them is of no use.
    const bool is_usual =
        call.method == HttpCall::Method::kGet || call.method == HttpCall::Method::kPost;
    CURLU* parsed = is_usual ? urls_.find(call.url) : nullptr;
    curl_easy_setopt(easy, CURLOPT_CURLU, parsed);
    if (parsed == nullptr) curl_easy_setopt(easy, CURLOPT_URL, call.url.c_str());
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers.list());
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS,
                     long{call.timeout.value_or(options_.total_timeout).count});
    if (call.method == HttpCall::Method::kGet) {
      curl_easy_setopt(easy, CURLOPT_HTTPGET, 1L);
    } else {
      curl_easy_setopt(easy, CURLOPT_POST, 1L);
      curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                       static_cast<curl_off_t>(call.body.size()));
      curl_easy_setopt(easy, CURLOPT_POSTFIELDS, call.body.c_str());
    }
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, custom_method(call.method));
    multi_.add(easy);
  }

  void finish(CURL* easy, CURLcode code) {
    Transfer* transfer = nullptr;
    curl_easy_getinfo(easy, CURLINFO_PRIVATE, &transfer);
    HttpOutcome outcome = outcome_of(*transfer, code);
    if (!outcome) ++stats_.failures;
    Callback<void(HttpOutcome)> done = std::move(transfer->done);
    transfer->done = {};
    transfer->call = {};
    transfer->body = {};
    transfer->repeat_refused = transfer->body_too_large = transfer->gate.refused = false;
    transfer->error_text[0] = '\0';
    idle_.push_back(transfer);
    done(std::move(outcome));
  }

  HttpOutcome outcome_of(Transfer& transfer, CURLcode code) {
    long status = 0;
    long connects = 0;
    curl_easy_getinfo(transfer.easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(transfer.easy, CURLINFO_NUM_CONNECTS, &connects);
    stats_.connections_opened += static_cast<std::uint64_t>(connects);
    if (code != CURLE_OK) {
      TransferFacts facts;
      facts.code = code;
      curl_easy_getinfo(transfer.easy, CURLINFO_REQUEST_SIZE, &facts.request_bytes);
      facts.repeat_refused = transfer.repeat_refused;
      facts.body_too_large = transfer.body_too_large;
      facts.address_refused = transfer.gate.refused;
      facts.status = static_cast<int>(status);
      facts.text = transfer.error_text;
      HttpFailure failure = explain(facts);
      take_out(failure.message, secrets_of(transfer));
      return tl::unexpected(std::move(failure));
    }
    HttpReply reply;
    reply.status = static_cast<int>(status);
    reply.body = std::move(transfer.body);
    take_out(reply.body, secrets_of(transfer));
    for (const std::string& name : options_.wanted_headers) {
      curl_header* found = nullptr;
      if (curl_easy_header(transfer.easy, name.c_str(), 0, CURLH_HEADER, -1, &found) == CURLHE_OK) {
        reply.headers.push_back({name, found->value});
        take_out(reply.headers.back().value, secrets_of(transfer));
      }
    }
    return reply;
  }

  const std::vector<QuotedSecret>& secrets_of(const Transfer& transfer) const {
    return (transfer.call.headers ? *transfer.call.headers : *no_headers_).secrets();
  }

  // Called before each time the request is sent on a connection. Curl does so again by
  // itself when a connection that was used before dies without an answer, although
  // the peer may have got the request. That is not for curl to decide.
  static int on_request(void* transfer_pointer, char*, char*, int, int) {
    auto* transfer = static_cast<Transfer*>(transfer_pointer);
    long sent = 0;
    curl_easy_getinfo(transfer->easy, CURLINFO_REQUEST_SIZE, &sent);
    if (sent == 0) return CURL_PREREQFUNC_OK;
    transfer->repeat_refused = true;
    return CURL_PREREQFUNC_ABORT;
  }

  static std::size_t on_body(char* data, std::size_t, std::size_t size, void* transfer_pointer) {
    auto* transfer = static_cast<Transfer*>(transfer_pointer);
    if (transfer->body.size() + size > transfer->owner->options_.max_response_bytes) {
      transfer->body_too_large = true;
      return 0;
    }
    transfer->body.append(data, size);
    return size;
  }

  const CurlGlobal curl_;
  const HttpClientOptions options_;
  const std::shared_ptr<const HeaderSet> no_headers_;
  HttpClientStats stats_;
  std::deque<Queued> queue_;
  ParsedUrls urls_;
  CurlMulti multi_;
  std::vector<std::unique_ptr<Transfer>> transfers_;
  std::vector<Transfer*> idle_;
  BeforePoll before_poll_;
};

HttpClient::HttpClient(Loop& loop, HttpClientOptions options)
    : impl_(std::make_unique<Impl>(loop, std::move(options))) {}

HttpClient::~HttpClient() = default;

bool HttpClient::send(HttpCall call, Callback<void(HttpOutcome)> done) {
  return impl_->send(std::move(call), std::move(done));
}

HttpClientStats HttpClient::stats() const {
  return impl_->stats();
}

}  // namespace sojourn::uv
