#include "sandbox/catalogs.h"

#include "sandbox/inbox.h"
#include "sandbox/project.h"

namespace sojourn::sandbox {

base::Result<Catalogs> Catalogs::load(const Project& project, Inbox& inbox) {
  Catalogs catalogs;
  for (const auto& [name, items] : project.catalogs()) {
    catalogs.apply(name, {}, "{}", {});
    for (const auto& [item, value] : items.items()) catalogs.apply(name, item, value.dump(), {});
  }
  const auto read = inbox.each(RecordKind::kCatalogItem, [&](const store::LoggedRecord& logged) {
    const store::Record& record = logged.record;
    catalogs.apply(record.topic, record.subject, record.body, record.time);
  });
  if (!read) return tl::unexpected(read.error());
  return catalogs;
}

const Catalogs::Items* Catalogs::find(std::string_view catalog) const {
  const auto found = catalogs_.find(catalog);
  return found == catalogs_.end() ? nullptr : &found->second;
}

void Catalogs::apply(const std::string& catalog, const std::string& item, const std::string& text,
                     base::Instant when) {
  if (item.empty() && text.empty()) {
    if (const Items* gone = find(catalog)) items_ -= gone->size();
    catalogs_.erase(catalog);
    return;
  }
  Items& items = catalogs_[catalog];
  if (item.empty()) return;
  items_ -= items.size();
  if (text.empty()) {
    items.erase(item);
  } else {
    items[item] = {nlohmann::json::parse(text), when};
  }
  items_ += items.size();
}

base::Status Catalogs::change(Inbox& inbox, const std::string& catalog, const std::string& item,
                              const std::string& text, base::Instant now) {
  const auto kept =
      inbox.keep(RecordKind::kCatalogItem,
                 {.topic = catalog, .key = {}, .subject = item, .time = now, .body = text});
  if (!kept) return tl::unexpected(kept.error());
  apply(catalog, item, text, now);
  return {};
}

base::Status Catalogs::make(Inbox& inbox, const std::string& catalog, base::Instant now) {
  return change(inbox, catalog, {}, "{}", now);
}

base::Status Catalogs::drop(Inbox& inbox, const std::string& catalog, base::Instant now) {
  return change(inbox, catalog, {}, {}, now);
}

base::Status Catalogs::put(Inbox& inbox, const std::string& catalog, const std::string& item,
                           nlohmann::json value, base::Instant now) {
  return change(inbox, catalog, item, value.dump(), now);
}

base::Status Catalogs::remove(Inbox& inbox, const std::string& catalog, const std::string& item,
                              base::Instant now) {
  return change(inbox, catalog, item, {}, now);
}

}  // namespace sojourn::sandbox
