#include <gtest/gtest.h>

#include "connectors/iterable/actions.h"
#include "connectors/iterable/commands.h"
#include "tests/unit/connectors/iterable/transcript.h"

namespace sojourn::connectors::iterable {
namespace {

using graph::Value;

CommerceItem mug() {
  CommerceItem item;
  item.id = "mug";
  item.name = "A mug";
  item.price = 12.5;
  item.quantity = 2;
  return item;
}

TEST(TrackPurchase, IsNamedByItsKeyAndCountsInSeconds) {
  PurchaseCommand command;
  command.user.email = "ada@example.com";
  command.items = {mug()};
  command.total = 25;
  command.created_at = base::Instant{1'772'355'600'999};
  command.message_key = *base::Hash128::from_hex("0123456789abcdeffedcba9876543210");
  command.campaign_id = 1001;
  command.template_id = 7;
  command.fields = {{"coupon", Value("SPRING")}};
  EXPECT_EQ(transcript(track_purchase(command)),
            "POST /api/commerce/trackPurchase\n"
            "user: {\"email\":\"ada@example.com\"}\n"
            "items: [{\"id\":\"mug\",\"name\":\"A mug\",\"price\":12.5,\"quantity\":2}]\n"
            "total: 25\n"
            "id: \"0123456789abcdeffedcba9876543210\"\n"
            "createdAt: 1772355600\n"
            "campaignId: 1001\n"
            "templateId: 7\n"
            "dataFields: {\"coupon\":\"SPRING\"}\n");
}

TEST(UpdateCart, SaysAllThatIsKnownOfALine) {
  CommerceItem item = mug();
  item.sku = "M-1";
  item.description = "Blue";
  item.categories = {"kitchen", "gifts"};
  item.url = "https://example.com/mug";
  item.image_url = "https://example.com/mug.png";
  item.fields = {{"colour", Value("blue")}};
  EXPECT_EQ(transcript(update_cart({{"", "u-77"}, {item}})),
            "POST /api/commerce/updateCart\n"
            "user: {\"userId\":\"u-77\"}\n"
            "items: [{\"id\":\"mug\",\"name\":\"A mug\",\"price\":12.5,\"quantity\":2,"
            "\"sku\":\"M-1\",\"description\":\"Blue\",\"categories\":[\"kitchen\",\"gifts\"],"
            "\"url\":\"https://example.com/mug\",\"imageUrl\":\"https://example.com/mug.png\","
            "\"dataFields\":{\"colour\":\"blue\"}}]\n");
}

TEST(UpdateCart, EmptiesTheCart) {
  EXPECT_EQ(transcript(update_cart({{"ada@example.com", ""}, {}})),
            "POST /api/commerce/updateCart\n"
            "user: {\"email\":\"ada@example.com\"}\n"
            "items: []\n");
}

}  // namespace
}  // namespace sojourn::connectors::iterable
