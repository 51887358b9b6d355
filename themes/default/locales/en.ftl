# Every text of the default theme, in English. Amounts and dates come in as they are to be read.
# [Brackets] in a text mark the words that become its link.

## Every page

skip-to-content = Skip to content
notice = From the shop
menu = Menu
main-menu = Main
all-of = All of { $name }
all-products = All products
home = Home
logo-label = { $shop }, home
search = Search
search-shop = Search the shop
find-order = Find an order
cart = Cart
cart-things-in-it = things in it:
breadcrumb = Breadcrumb
close = Close
footer = Footer
footer-line = The price you see is the price you pay. No account needed, and your order is one link away.
footer-shop = Shop
footer-help = Help
footer-legal = Small print
demo-shop = Demo shop. Nothing here is for sale.
prices-in = All prices in { $currency }.
legal-terms = Terms of sale
legal-privacy = Privacy
legal-imprint = Imprint
legal-returns = Returns
day-range = { $from } to { $until }

## Front page

home-hero-title = Things worth keeping
home-hero-text = Chosen with care, plainly priced, and sent to your door by { $shop }.
home-hero-button = See all products
home-categories = Where would you like to start?
home-row-new = New on the shelf
home-row-new-all = All new things
home-row-sale = For less
home-row-sale-all = All of them
home-row-trending = Much wanted these days
home-row-trending-all = All products
home-row-for_you = For you, after what you looked at
home-row-for_you-all = All products
home-row-popular = Most often chosen
home-row-popular-all = All best sellers
home-parts-title =
    { $count ->
        [one] One part, sold on its own
        [2] Two parts, two prices
        [3] Three parts, three prices
        [4] Four parts, four prices
        [5] Five parts, five prices
        [6] Six parts, six prices
       *[other] { $count } parts, { $count } prices
    }
home-parts-text = When something wears out, replace that and keep the rest. Every part has a number and a price.
home-parts-whole = { $name }, whole
home-parts-all = Find a part for something you own
home-promises = What you can count on
home-promise-1-title = No surprises in the price
home-promise-1-text = The cart shows the whole total, delivery and tax too, before you type a single address.
home-promise-2-title = No account needed
home-promise-2-text = Buy as a guest. Your order has a page of its own, found with its number and your email.
home-promise-3-title = Room to change your mind
home-promise-3-text = Sending something back is part of buying it. How it goes is written down in plain words.

## Products in a grid

badge-sold-out = Sold out
badge-sale = Sale
badge-off = { $percent } % off
price-now = Now
price-before = Before
price-from = From { $price }
add-named = Add { $name } to cart
choose-named = Choose { $name }
more-colours = more colours
popular = Often chosen
products = Products

## Listing and search

within = Within { $name }
all = All
search-results = Results for “{ $query }”
search-corrected = Showing results for “{ $query }”.
search-left-out = Nothing has all of the words; left out: { $words }.
suggestions = Suggestions
suggest-queries = Searches
suggest-shelves = Shelves
suggest-none = Nothing yet. Press Enter to search for it.
suggest-count = { $count ->
    [one] One suggestion
   *[other] { $count } suggestions
  }
recently-viewed = Recently viewed
views-ask = May we count what is looked at together, so that we suggest better things? Without your name, and without anything that tells it was you.
views-more = What this means
views-yes = Yes, count it
views-no = No, thank you
views-thanks = Thank you. You can change this on the page about privacy whenever you like.
views-fine = Fine: nothing is counted. You can change this on the page about privacy.
choices-title = Your choices
choices-text = This browser remembers what you looked at, for the row “Recently viewed”. It stays on this device.
choices-no-script = Without JavaScript nothing is remembered, and nothing is counted.
choices-views = Count what I look at, for better suggestions
choices-views-text = The shop then hears which products are looked at in the same visit, and adds one to a number. It does not hear whose visit it is, and forgets the numbers after 90 days. The front page suggests what goes with what you looked at; what is sent for that is not kept.
choices-forget = Forget what I looked at
choices-forgotten = Forgotten.
search-none = No results for “{ $query }”
search-none-text = Check the spelling, use fewer words, or start from a shelf.
search-start-text = Type what you are looking for: a name, a word or an article number. Or start from a shelf.
count-none = No products
count-range = { $first }–{ $last } of { $total } products
count-filtered =
    { $all ->
        [one] { $total } of { $all } product
       *[other] { $total } of { $all } products
    }
count-all =
    { $total ->
        [one] { $total } product
       *[other] { $total } products
    }
filter = Filter
filter-count = Filter ({ $count })
sort = Sort
sort-relevance = Best match
sort-best-selling = Featured
sort-newest = Newest
sort-price-asc = Price, low to high
sort-price-desc = Price, high to low
apply = Apply
applied-filters = Applied filters
remove-filter = Remove filter
clear-all = Clear all
clear-filters = Clear the filters
close-filters = Close filters
apply-filters = Apply filters
show-results =
    { $count ->
        [0] Show results
        [one] Show one result
       *[other] Show { $count } results
    }
price = Price
price-from-label = From { $symbol }
price-to-label = To { $symbol }
price-between = { $min } to { $max }
price-at-least = From { $min }
price-at-most = Up to { $max }
price-error = Price: write an amount such as 25 or 25.00.
availability = Availability
facet-category = Category
facet-brand = Brand
facet-products =
    { $count ->
        [one] product
       *[other] products
    }
on-sale = On sale
in-stock-only = In stock
pages = Pages
page-number = Page { $number }
previous = Previous
next = Next
filtered-none-title = Nothing fits all of these filters
filtered-none-text = Take one away, or start over.
listing-empty-title = Nothing on this shelf yet
listing-empty-text = It is being filled. The other shelves are not empty.

## Product

pictures = Pictures
pictures-scroll = { $count } pictures, scroll sideways
picture-number = Picture { $number }: { $alt }
picture-of = { $name }, picture { $number }
enlarge-picture = Enlarge picture { $number }
previous-picture = Previous picture
next-picture = Next picture
tax-in = with { $tax }
tax-word = tax
tax-added = plus tax
option-name = { $name }:
option-out = sold out
option-missing = not made in this combination
stock-in = In stock
stock-in-arrives = In stock, arrives { $when }
stock-low = Only a few left
stock-out = Sold out
stock-backorder = Made to order, takes a little longer
stock-backorder-short = Made to order
stock-missing = Not made in this combination. Choose another.
not-available = Not available
quantity = Quantity
one-less = One less
one-more = One more
add-to-cart = Add to cart
# Some countries are read with an article.
to-country =
    { $code ->
        [AE] the United Arab Emirates
        [BS] the Bahamas
        [CF] the Central African Republic
        [DO] the Dominican Republic
        [FK] the Falkland Islands
        [FO] the Faroe Islands
        [GB] the United Kingdom
        [GM] the Gambia
        [KM] the Comoros
        [KY] the Cayman Islands
        [MH] the Marshall Islands
        [MV] the Maldives
        [NL] the Netherlands
        [PH] the Philippines
        [SB] the Solomon Islands
        [SC] the Seychelles
        [US] the United States
       *[other] { $name }
    }
delivery-free = Free delivery to { $country } on this order
delivery-cost = Delivery to { $country }: { $cost }
delivery-cost-free-from = Delivery to { $country }: { $cost }, free from { $from }
returns-line = Changed your mind? [How returns work]
parts-line = Every part sold on its own, from { $price }. [See the parts]
about = About { $name }
article = Article
parts-title = Parts you can replace
parts-of = Parts of { $name }
part = Part
part-number = Number
related = Goes with it
bought-together = Bought together
similar = More like this

## Cart

your-cart = Your cart
cart-kept =
    { $count ->
        [one] One thing, kept here for you.
       *[other] { $count } things, kept here for you.
    }
cart-lines-label = Things in your cart
summary = Summary
each = { $price } each
on-sale-now = now { $price }
quantity-of = Quantity of { $name }
update = Update
remove = Remove
removed = { $name } is out of your cart.
undo = Undo
goods = Goods
discount = Discount
delivery = Delivery
delivery-to = Delivery, { $country }
delivery-by = Delivery: { $method }
free = Free
at-checkout = At checkout
tax = Tax
tax-included = { $label }, included
total = Total
total-estimated = Estimated total
total-with-tax = Total with tax
total-with = Total with { $tax }
goal-reached = Delivery is free
goal-from = from { $from }
goal-missing = { $missing } more and delivery is free.
goal-label = Way to free delivery
check-out = Check out
cannot-check-out = Something in your cart needs a look before you can check out.
add-code = Add a discount code
code = Code
remove-code = Remove code
cart-arrives = Arrives { $when }.
cart-also = Goes with what is in your cart
cart-empty-title = Your cart is empty
cart-empty-text = Whatever you add waits here, also if you come back another day.
cart-empty-button = See all products
paying-title = A payment is on its way.
paying-text = Until your bank has answered, this cart stays as it is. [See how it stands]
paying-button = Go to the payment
problem-sold_out = Sold out. Remove it to go on.
problem-unavailable = Not sold any more. Remove it to go on.
problem-insufficient_stock =
    { $count ->
        [0] None left. Remove it to go on.
        [one] Only one left. Lower the quantity to go on.
       *[other] Only { $count } left. Lower the quantity to go on.
    }
problem-quantity_reduced =
    { $count ->
        [one] Only one left, so we set the quantity to 1.
       *[other] Only { $count } left, so we set the quantity to { $count }.
    }
problem-price_raised = The price went up from { $was } to { $now }.
problem-price_lowered = Good news: { $now } now, was { $was }.
added = Added to your cart
close-cart = Close cart
view-cart = View cart
go-on-shopping = Go on shopping
announce-cart =
    { $count ->
        [0] Your cart is empty.
        [one] One thing in your cart, { $total }.
       *[other] { $count } things in your cart, { $total }.
    }
announce-added =
    { $count ->
        [one] Added. One thing in your cart, { $total }.
       *[other] Added. { $count } things in your cart, { $total }.
    }

## Checkout

back-to-cart = Back to cart
checkout = Checkout
checkout-steps = Parts of this page
step-contact = Contact
step-address = Address
step-delivery = Delivery
step-payment = Payment
order-summary = Order summary
your-order =
    { $count ->
        [one] Your order, one thing
       *[other] Your order, { $count } things
    }
required = (required)
optional = (optional)
choose = Choose
field-email = Email
field-country = Country
field-billing_country = Country
field-number = Order number
field-name = Full name
field-billing_name = Full name
field-line1 = Street and number
field-billing_line1 = Street and number
field-line2 = Second line
field-billing_line2 = Second line
field-city = City
field-billing_city = City
field-region = Region
field-billing_region = Region
field-postal_code = Postcode
field-billing_postal_code = Postcode
field-phone = Phone
field-billing_phone = Phone
field-card_number = Card number
field-card_exp = Expiry, MM/YY
field-card_cvc = Security code
error-required = { $field }: fill this in.
error-choose = { $field }: choose one.
error-email = Email: write it as in name@example.com.
error-card_number = Card number: it has 13 to 19 figures.
error-card_exp = Expiry: month and year, as in 04/29.
error-card_cvc = Security code: three or four figures.
error-terms = Accept the terms of sale to go on.
errors-title =
    { $count ->
        [one] One thing to put right.
       *[other] { $count } things to put right.
    }
errors-title-many = Some things to put right.
email-note = For the receipt and delivery news. No account needed.
phone-note = Only for the driver, and only on the day.
cvc-note = Three or four figures on the card.
add-line2 = Add a flat, company or second line
delivery-address = Delivery address
billing-address = Billing address
billing-same = Use this address for the bill
update-total = Update the total
no-delivery-there = Choose another country to see how we deliver.
sandbox = Sandbox
sandbox-note = This is a sandbox: no card is charged and no real card works here. Use one of the test cards.
test-cards = Test cards, any date to come and any code
test-card-result = What happens
test-card-succeeds = Succeeds
test-card-card_declined = Is declined
test-card-insufficient_funds = Has too little money
test-card-three_d_secure = Asks the bank first
test-card-late = Succeeds after two seconds
payment-sandbox = Test card
payment-sandbox-note = Paid at once
payment-manual = Bank transfer
payment-manual-note = You get our account number; we send when the money is here
payment-stripe = Card
payment-stripe-note = Handled by Stripe
nothing-to-pay = Nothing to pay, so no card is needed.
accept-terms = I have read the [terms of sale] and agree to them.
pay-amount = Pay { $amount }
place-order = Place the order
paying-busy = Paying…
pay-note = You pay exactly this amount. Changed your mind later? [How returns work]
pay-note-nothing = Nothing is charged. Changed your mind later? [How returns work]
notice-card_declined = Your bank declined the card.
notice-card_declined-text = Nothing was charged and your things are still kept for you. Try again, or use another card.
notice-insufficient_funds = There is not enough money on this card.
notice-insufficient_funds-text = Nothing was charged and your things are still kept for you. Use another card.
notice-total_changed = The total is now { $amount }.
notice-total_changed-text = Something changed since you last looked. Please look again before you pay.
notice-cart_changed = Your cart changed in another window.
notice-cart_changed-text = Please look again before you pay.
notice-insufficient_stock = Somebody was quicker.
notice-insufficient_stock-text = Not everything in your cart is there any more.
notice-checkout_expired = Your things were kept as long as we could.
notice-checkout_expired-text = Look once more and pay again; nothing was charged.
notice-no_delivery = We do not deliver there yet.
notice-no_delivery-text = Choose another country, or write to us.
notice-payment_failed = The payment did not go through.
notice-payment_failed-text = Nothing was charged. Try again, or choose another way to pay.
status-processing = Your bank is confirming
status-processing-text = { $amount }, and only once. This page goes on by itself.
status-slow = It takes longer than usual. You can close this page: we send you an email when it is done.
status-failed = The payment did not go through
status-failed-text = Your bank said no to { $amount }. Nothing was charged, and everything you typed is still there.
status-failed-button = Try again
status-expired = Your things were kept as long as we could
status-expired-text = The payment of { $amount } was not finished in time, so nothing was charged. Your cart is as you left it.
status-expired-button = Back to cart
status-canceled = This checkout was ended
status-canceled-text = Nothing was charged. Your cart is as you left it, or as you changed it.
status-canceled-button = Back to cart
status-needs_review = We are looking at this payment
status-needs_review-text = Something about { $amount } did not match, so a person looks at it before anything is sent. You get an email; there is nothing you have to do.
status-needs_review-button = To the shop
status-refunded = Your money went back
status-refunded-text = Something about { $amount } did not match, so we paid back what came in. Your cart is free again. Banks take a few days until it shows.
status-refunded-button = To the shop
to-the-bank = Go to your bank
bank-name = Sandbox Bank
bank-title = Do you want to pay this?
bank-text = This is a test. It stands in for the page on which a real bank would ask for your code. No money moves.
bank-shop = Shop
bank-card = Card
bank-amount = Amount
bank-yes = Yes, pay
bank-no = No, refuse

## Order

order-number = Order { $number }
thanks = Thank you. Your order is in.
order-also = You may also like
thanks-named = Thank you, { $name }. Your order is in.
thanks-pending = Thank you. Your order waits for your transfer.
receipt-sent = We sent the receipt to { $email }.
placed-on = Placed { $when }.
order-arrives = Your things arrive { $when }.
order-title-unfulfilled = We have your order
order-title-partial = A part of it is on its way
order-title-fulfilled = It is on its way
order-title-delivered = It is with you
order-title-returned = It came back to us
order-canceled = This order was canceled
order-called-off = Nothing more will be sent
where-it-is = Where it is
now = Now
timeline-placed = Order placed
timeline-placed-note = We have it all
timeline-awaiting_payment = Waiting for your payment
timeline-awaiting_payment-note = Nothing is sent before it is here
timeline-paid = Paid
timeline-paid-note = Nothing more to pay
timeline-packing = Being packed
timeline-packing-note = You get an email when it leaves
timeline-shipped = On its way
timeline-shipped-note = With the carrier
timeline-shipped_partly = A part is on its way
timeline-shipped_partly-note = The rest follows
timeline-delivered = At your door
timeline-delivered-note = The last step
timeline-returned = Back with us
timeline-returned-note = Thank you for sending it
timeline-canceled = Canceled
timeline-canceled-note = Nothing will be sent
timeline-refunded = Money sent back
timeline-refunded-note = It can take your bank a few days
pay-by-transfer = How to pay
refunded = { $amount } went back to you.
shipments =
    { $count ->
        [one] What we sent
       *[other] What we sent, in { $count } parcels
    }
shipment-sent = Sent { $when }
shipment-by = With { $carrier }.
shipment-number = Tracking number { $number }
shipment-follow = Follow your parcel
order-paid = Paid
order-refunded = Sent back to you
order-outstanding = Still to pay
going-to = Going to
payment = Payment
paid-with-sandbox = Test card
paid-with-manual = Bank transfer
paid-with-stripe = Card
paid-with-none = Nothing to pay
payment-status-pending = Not paid yet
payment-status-authorized = Approved by your bank
payment-status-paid = Paid
payment-status-partially_refunded = Partly sent back
payment-status-refunded = Sent back
payment-status-failed = Did not go through
payment-status-needs_review = Being looked at
bill-to = The bill goes to
billing-is-same = The bill has the same address.
what-next = What happens next
what-next-text = Keep this page: its link is yours alone, and it always shows where your order is.
something-wrong = Something wrong?
contact-text = Write to us and name order { $number }:
contact-text-none = Answer the email with your receipt.
how-to-return = How to send something back
print = Print
explain = How each amount came to be
find-order-text = With the number on your receipt and the email address you used.
find-order-number-note = As in the subject of the receipt.
find-order-button = Find it
find-order-none = No order has both of these.
find-order-none-text = Look at the receipt for the number, and use the email address it was sent to.
find-order-too-many = That was a lot of tries. Wait a few minutes, or use the link in your receipt.

## Messages

updated-on = Last changed { $when }
legal-missing = This text has not been written yet.
not-found-title = This page has come apart
not-found-text = The address may be old, or a letter may be missing. Search for it, or start from a shelf.
error-400-title = That did not add up
error-400-text = Something in the address or the form was not as we need it. Go back and try once more.
error-403-title = This door stays closed
error-403-text = The request did not come from a page of this shop. Go back, reload the page, and try again.
error-405-title = Not this way
error-405-text = This address does not take what was sent to it. Start from the shop.
error-409-title = Something changed meanwhile
error-409-text = Go back, reload the page, and look again.
error-413-title = That was too much at once
error-413-text = What was sent is larger than we take.
error-422-title = That did not add up
error-422-text = Something in the form was not as we need it. Go back and look at each field.
error-429-title = A little slower, please
error-429-text = There were many requests from your connection in a short time.
error-500-title = This one is our fault
error-500-text = Something broke while we made this page. Nothing was charged. Your cart is safe.
error-503-title = We are very busy
error-503-text = The shop is open, only not for everybody at this second.
error-retry =
    { $count ->
        [one] Try again in a second.
       *[other] Try again in { $count } seconds.
    }
try-again = Try again
to-home = To the front page
to-cart = To your cart
request-id = If you write to us, name this: { $id }

## Mails

mail-why = You get this because an order was started at { $shop } with this address.
mail-order-subject = Your order { $number } at { $shop }
mail-order-preview = { $total }, and everything about it.
mail-order-text = This is the receipt for order { $number }, placed { $when }.
mail-order-button = See your order
mail-order-also = You may also like
mail-order-link = Your order, by its private link:
mail-shipped-subject = On its way: order { $number } from { $shop }
mail-shipped-title = Your things are on their way
mail-shipped-title-named = { $name }, your things are on their way
mail-shipped-text = This parcel of order { $number } has left us.
mail-shipped-to-come =
    { $count ->
        [one] One more thing follows.
       *[other] { $count } more things follow.
    }
mail-refunded-subject = Money back for order { $number } at { $shop }
mail-refunded-subject-none = Money back from { $shop }
mail-refunded-title = Your money is on its way back
mail-refunded-title-named = { $name }, your money is on its way back
mail-refunded-text = We sent back { $amount } for order { $number }, the way it was paid.
mail-refunded-text-none = Your payment of { $amount } did not become an order, so we sent all of it back, the way it was paid.
mail-canceled-subject = Order { $number } at { $shop } is canceled
mail-canceled-title = Your order is canceled
mail-canceled-title-named = { $name }, your order is canceled
mail-canceled-text = Order { $number } was canceled and nothing of it will be sent.
mail-canceled-refund = The { $amount } you paid goes back to you, the way it was paid.
mail-canceled-unpaid = Nothing was paid, so there is nothing to send back.
mail-failed-subject = Your payment at { $shop } did not go through
mail-failed-title = The payment did not go through
mail-failed-title-named = { $name }, the payment did not go through
mail-failed-text = Your bank said no to { $total }. Nothing was charged.
mail-failed-kept = Your things are kept for you until { $when }.
mail-failed-not-kept = Your cart is as you left it, but nothing in it is kept any more.
mail-failed-button = Try again
mail-expired-subject = Your things at { $shop } are free again
mail-expired-title = We kept them as long as we could
mail-expired-title-named = { $name }, we kept them as long as we could
mail-expired-text = The payment was not finished in time, so nothing was charged and the things are back on the shelf. Your cart is as you left it.
mail-expired-button = Back to cart
