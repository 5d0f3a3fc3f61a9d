// `webhook NAME = "https://…" { … }`: what is written as values, once all constants are
// known.
#include <algorithm>
#include <iterator>

#include "dsl/check_declarations.h"
#include "dsl/check_expression.h"

namespace sojourn::dsl {
namespace {

constexpr std::string_view kMethods[] = {"DELETE", "GET", "PATCH", "POST", "PUT"};

void check_url(const ast::Webhook& webhook, graph::Webhook& declared, ExpressionContext& context) {
  if (!webhook.url) return;
  declared.url = webhook.url->text;
  if (declared.url.starts_with("https://") && declared.url.size() > 8) return;
  context.report.add(diagnose(messages::kInsecureUrl, webhook.url->span, declared.url)
                         .help("what goes there is about people; say `https://HOST/…`"));
}

}  // namespace

void check_webhook(const ast::Webhook& webhook, World& world, ExpressionContext& context) {
  const auto place = world.webhooks.find(webhook.name.text);
  if (place == world.webhooks.end() || place->second != webhook.name.span) return;
  auto& all = world.catalog.webhooks;
  graph::Webhook& declared = *std::ranges::find(all, webhook.name.text, &graph::Webhook::name);
  check_url(webhook, declared, context);
  if (webhook.method && std::ranges::find(kMethods, declared.method) == std::end(kMethods)) {
    context.report.add(diagnose(messages::kUnknownName, webhook.method->span, declared.method)
                           .help("a method is GET, POST, PUT, PATCH or DELETE"));
  }
  if (webhook.timeout) {
    const auto timeout = check_elapsed(context, *webhook.timeout, "`timeout`");
    if (timeout) declared.timeout = *timeout;
  }
  if (!webhook.headers) return;
  for (const ast::MapEntry& entry : webhook.headers->entries) {
    if (!entry.key || !entry.value) continue;
    const auto value =
        check_literal(context, *entry.value, graph::Type::Kind::kString, "the value of a header");
    if (value) declared.headers.emplace_back(entry.key.text, value->as_string());
  }
}

}  // namespace sojourn::dsl
