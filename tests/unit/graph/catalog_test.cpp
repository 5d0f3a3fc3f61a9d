#include "graph/catalog.h"

#include <gtest/gtest.h>

namespace sojourn::graph {
namespace {

Catalog sample() {
  Catalog catalog;
  catalog.user_fields.resize(2);
  catalog.user_fields[0].name = "plan";
  catalog.user_fields[1].name = "seats";
  catalog.events = {{"login", "login", {}}, {"purchased", "Subscription Purchased", {}}};
  catalog.message_types.resize(1);
  catalog.message_types[0].name = "account";
  catalog.campaigns.resize(1);
  catalog.campaigns[0].name = "hello";
  catalog.lists.push_back({"vips", std::nullopt});
  return catalog;
}

TEST(Catalog, FindsWhatWasDeclared) {
  const Catalog catalog = sample();
  EXPECT_EQ(catalog.find_user_field("seats"), &catalog.user_fields[1]);
  EXPECT_EQ(catalog.find_event("purchased"), &catalog.events[1]);
  EXPECT_EQ(catalog.find_event_by_wire_name("Subscription Purchased"), &catalog.events[1]);
  EXPECT_EQ(catalog.find_message_type("account"), &catalog.message_types[0]);
  EXPECT_EQ(catalog.find_campaign("hello"), &catalog.campaigns[0]);
  EXPECT_EQ(catalog.find_list("vips"), &catalog.lists[0]);
}

TEST(Catalog, WhatWasNotDeclaredIsNull) {
  const Catalog catalog = sample();
  EXPECT_EQ(catalog.find_user_field("Plan"), nullptr);
  EXPECT_EQ(catalog.find_event("Subscription Purchased"), nullptr);
  EXPECT_EQ(catalog.find_event_by_wire_name("purchased"), nullptr);
  EXPECT_EQ(catalog.find_message_type(""), nullptr);
  EXPECT_EQ(Catalog().find_campaign("hello"), nullptr);
  EXPECT_EQ(catalog.find_list("hello"), nullptr);
}

TEST(Medium, HasItsNameInTheLanguage) {
  EXPECT_EQ(to_string(Medium::kEmail), "email");
  EXPECT_EQ(to_string(Medium::kSms), "sms");
  EXPECT_EQ(to_string(Medium::kPush), "push");
  EXPECT_EQ(to_string(Medium::kWebPush), "web_push");
  EXPECT_EQ(to_string(Medium::kInApp), "in_app");
  EXPECT_EQ(to_string(Medium::kWhatsApp), "whatsapp");
}

}  // namespace
}  // namespace sojourn::graph
