# Every text of the admin, in English. Amounts and dates come in as they are to be read. One section an area.

## Every page

skip-to-content = Skip to content
nav-main = Main
nav-shop = Shop and account
nav-home = Home
nav-orders = Orders
nav-products = Products
nav-categories = Categories
nav-search = Shop search
nav-inventory = Inventory
nav-customers = Customers
nav-transfers = Import and export
nav-settings = Settings
nav-staff = Staff
nav-account = Your account
new-product = New product
need-attention = need attention
view-shop = View shop
back-to-shop = Back to the shop
account-of = { $name }, account
role-admin = Admin
role-super_admin = Super admin
sign-out = Sign out
look-scheme = Colours
look-auto = Auto
look-light = Light
look-dark = Dark
look-density = Rows
density-auto = Roomy
density-compact = Compact
look-keys = Single-letter shortcuts
keys-auto = On
keys-off = Off
close = Close
cancel = Cancel
go-on = Go on
sure = Are you sure?
save = Save
discard = Discard
unsaved = Unsaved changes
unsaved-one = 1 unsaved change
unsaved-many = { $count } unsaved changes
unsaved-more = and { $count } more
save-when-done = Save when you are done
optional = optional
connection-lost = The shop did not answer. Please look at your connection and try again.
said-saved = Saved.

## Finding

find = Search
find-label = Search or run a command
find-or = or run a command
find-placeholder = Orders, products, customers, places
find-results = Results
find-choose = choose
find-open = open
find-tab = new tab
find-all-keys = all shortcuts
find-none = Nothing found.
find-begin = Type a number, a name, an e-mail address, a SKU or the name of a page.
find-failed = The search did not answer. Please try again.
find-go-to = Go to
find-orders = Orders
find-products = Products
find-customers = Customers
find-do = Do
find-draft = Draft
find-archived = Archived
find-edit-stock = Edit stock of {"{name}"}
find-new-product = New product called “{"{name}"}”
find-low-stock = Inventory › Low stock
find-reviews = Orders › Payments to review
find-searches = Shop search › Top queries
find-shipping = Settings › Delivery
find-tax = Settings › Taxes
find-legal = Settings › Legal pages
find-sender = Settings › Sender and bank
shortcuts = Keyboard shortcuts
short-find = Search and commands
short-keys = This list
short-home = Go to home
short-orders = Go to orders
short-products = Go to products
short-categories = Go to categories
short-search = Shop search
short-inventory = Go to inventory
short-customers = Go to customers
short-transfers = Go to import and export
short-settings = Go to settings
short-row = Next and previous row
short-open = Open row
short-pick = Select row
short-filter = Filter this list
short-save = Save
short-undo = Undo
short-close = Close, clear, leave

## Errors

error-not-found = There is nothing here
error-forbidden = This is not for your account
error-conflict = This can't be done now
error-too-often = That was a lot of tries
error-inside = Something went wrong on our side
error-refused = This can't be done as asked
error-not-found-text = The address may be old, or what stood here was taken away. Search for it, or start again from home.
error-safe = Go back and look whether it was done, or start again from home.
error-reference = Reference
try-again = Try again
to-home = To home

## Lists

selected = { $count } selected
list-all = All
list-personal = (yours alone)
list-none = Nothing here yet
list-no-match = Nothing matches
list-no-match-text = Take a filter away, or look for something else.
list-clear = Show everything
list-clear-all = Clear
list-table = { $name }, table
list-caption =
    { $count ->
        [one] { $name }, one matches
       *[other] { $name }, { $written } match
    }
list-refresh = Refresh
list-actions = Actions
list-columns = Columns
list-apply = Apply
list-remove = Remove
list-views = Saved views
list-save-view = Save this view
list-view-name = Name of the view
list-view-shared = For everybody
list-view-actions = Actions for the view { $name }
list-view-delete = Delete this view
list-view-delete-sure = Delete the view { $name }?
list-filter = Filter
list-filter-is = Filter: { $field } { $operator } { $value }
list-filter-remove = Remove filter { $field }
list-filter-field = Field
list-filter-op = How
list-filter-value = Value
list-pick-all = Select all on this page
list-bulk = With the selected
list-with-picked = With the selected:
list-all-matching = All { $count }
list-unpick = Clear
list-range = { $from } to { $to } of { $total }
list-rows = Rows
list-pages = Pages
list-page = { $page } of { $pages }
list-previous = Previous
list-next = Next
op-any = is any of
op-none = is none of
op-is = is
op-min = is at least
op-max = is at most
op-from = is from
op-until = is until
op-on = is on
op-within = is in the last
op-within-days =
    { $count ->
        [one] day
       *[other] { $count } days
    }
op-contains = contains
flag-yes = Yes
flag-no = No
said-view-saved = The view is saved.
said-view-deleted = The view is gone.

## Staff

sign-in = Sign in
sign-in-to = to { $shop }
sign-in-wait = That was a lot of tries. Please wait { $minutes } min and try again.
email = E-mail
password = Password
password-old = Your password now
password-new = New password
password-new-for = A new password for { $name }
password-first = First password
password-change = Change password
password-set = Set password
password-hint = At least 12 characters. A few words are easy to remember.
password-set-hint = At least 12 characters. It signs them out everywhere; tell it to them in person.
said-password-changed = Your password is changed. Everywhere else you are signed out.
said-password-set = The password is set. They are signed out everywhere.
sessions = Where you are signed in
sessions-of = Where { $name } is signed in
sessions-none = Nowhere at the moment.
sessions-end-others = Sign out everywhere else
sessions-end-all = Sign out everywhere
session-device = Browser or program
session-unnamed = Unnamed
session-here = this one
session-program = with a token
session-since = Since
session-seen = Last used
session-end = Sign out
said-session-ended = That session is over.
said-sessions-ended = Signed out.
actions = Actions
status = Status
staff-people = People
staff-name = Name
staff-role = Role
staff-role-hint = An admin does the day's work. A super admin also looks after these accounts.
staff-since = Since
staff-you = you
staff-active = May sign in
staff-closed = Closed
staff-add = Add somebody
staff-account = Account
staff-may-sign-in = May sign in
staff-active-hint = Closing an account signs the person out at once. What they did stays in the history.
said-staff-created = The account is there. Tell them the password in person.
not-saved = Nothing was saved
## Orders

order = Order
order-numbered = Order { $number }
order-placed = Placed { $at } by { $name }
order-placed-head = Placed
order-items-head = Items
order-previous = Order before, K
order-next = Order after, J
order-open = Open
order-completed = Completed
order-canceled = Canceled
payment = Payment
payment-pending = Unpaid
payment-authorized = Authorized
payment-paid = Paid
payment-partially_refunded = Partly refunded
payment-refunded = Refunded
payment-failed = Failed
payment-needs_review = Needs review
fulfillment = Fulfilment
fulfillment-unfulfilled = Unfulfilled
fulfillment-partial = Partly shipped
fulfillment-fulfilled = Shipped
fulfillment-delivered = Delivered
fulfillment-returned = Returned
units = { $count ->
    [one] 1 item
   *[other] { $count } items
}
units-of = { $count } of { $all ->
    [one] 1 item
   *[other] { $all } items
}
of = of { $count }
none = none
refused = This could not be done
under-review = The payment of this order needs a look
under-review-look = See what the provider says
actions = Actions
actions-and-customer = Actions and customer

line-item = Item
line-sku = SKU
line-price = Price
line-discount = Discount
line-total = Total
line-quantity = Quantity
line-from = from { $place }
line-some-from = { $count } from { $place }
line-returned = { $count } returned
line-refunded = { $count } refunded

to-ship = To ship
ship-now = Ship now
ship-now-of = { $name }, ship now, of { $left }
ship-unpaid = { $amount } of this order has not come in yet.
ship-notify = Mail { $name } that it is on its way
ship-units = Ship { $count ->
    [one] 1 item
   *[other] { $count } items
}
carrier = Carrier
tracking-number = Tracking number
shipment = Shipment { $number }
shipped-at = Shipped { $at }
nothing-to-send = Nothing to send

sum-items = Items
sum-discount = Discount
sum-shipping = Shipping
sum-tax = Tax
sum-includes = includes { $amount } { $tax }
sum-total = Total
sum-paid = Paid
sum-outstanding = Outstanding
provider-sandbox = Test card
provider-manual = Bank transfer
provider-stripe = Card, Stripe
refund-pending = On its way back
refund-succeeded = Paid back
refund-failed = Could not be paid back

action-fulfill = Ship
action-refund = Refund or return
action-resend = Resend a mail
action-deliver = Mark as delivered
action-mark_paid = Mark as paid
action-cancel = Cancel order
sure-deliver = Has everything that was sent arrived?
sure-mark_paid = Has the money come in?
mark-paid-sure = Have { $amount } come in?
mark-paid-means = The order counts as paid from now on. This can't be taken back; money goes back with a refund.

customer = Customer
customer-short = { $count ->
    [one] 1 order
   *[other] { $count } orders
} · { $spent } since { $since }
ship-to = Ship to
bill-to = Bill to
bill-to-same = Bill to: the same

timeline = Timeline
note = Note
staff-only = staff only
add-note = Add note
note-missing = Write something first.
today = Today
yesterday = Yesterday

refund-title = Refund or return, order { $number }
refund-left = { $amount } can still be paid back.
refund-by-sandbox = It goes back to the card.
refund-by-stripe = It goes back to the card.
refund-by-manual = You send it yourself by bank transfer; the shop only writes it down.
refund-what = What is paid back?
refund-items = Items, at what was paid for them
refund-amount = An amount
refund-remaining = Everything that is left, { $amount }
refund-now = Pay back
refund-now-of = { $name }, pay back, of { $left }
amount-in = Amount in { $currency }
refund-reason = Reason
refund-reason-hint = Only staff read it.
refund-restock = Put the items back into stock
refund-notify = Mail { $name } about it
refund-comes-to = This comes to
refund-unknown = Choose what is paid back.
refund-work-out = See what it comes to
refund-do = Pay back { $amount }
refund-changed = This order has changed meanwhile. Look at it again before you pay something back.
reason-missing = Say why, in a few words.
quantity-wrong = Enter a whole number from 0 to { $most }.

cancel-title = Cancel order { $number }
cancel-refunds = { $amount } will be paid back.
cancel-nothing-paid = Nothing was paid, so nothing is paid back.
cancel-reason = Reason
cancel-restock = Put the items back into stock
cancel-notify = Mail { $name } that it is canceled
cancel-not = Keep the order

resend-title = Resend a mail
resend-to = To { $email }
resend-which = Which
resend-do = Send again
letter-confirmation = Order confirmation
letter-shipped = On its way
letter-refunded = Paid back
letter-canceled = Canceled

print = Print
print-slip = Packing slip
print-slips = Packing slips
print-order = Order
print-slip-do = Print packing slip
print-order-do = Print order
print-as-slip = Show as packing slip
print-as-order = Show as order
print-packed = Packed

review-title = Payments under review
review-about = Money came in that fits no order. Nothing was shipped for it. Pay it back, or clear it up with the buyer.
review-why = What does not fit
review-asked = Asked for
review-taken = Taken
review-provider = Provider
review-since = Since
review-amount_mismatch = Other amount
review-amount_mismatch-means = The provider took another amount than was asked for.
review-paid_after_decline = Paid after a decline
review-paid_after_decline-means = The card was declined first; then money came in.
review-paid_after_cancel = Paid after canceling
review-paid_after_cancel-means = The checkout was called off; then money came in.
review-sold_meanwhile = Paid too late
review-sold_meanwhile-means = The money came when the items were no longer held.
review-refund = Pay back { $amount }
review-sure = Pay back { $amount }?
review-sure-text = All of it goes back to { $name }.
review-none = Nothing to look at
review-none-text = Payments that fit no order would stand here.

said-order-shipped = Shipped.
said-order-delivered = Marked as delivered.
said-order-paid = Marked as paid.
said-order-refunded = The refund is on its way.
said-order-canceled = The order is canceled.
said-mail-resent = The mail is on its way.
said-note-added = Note added.
said-payment-refunded = The refund is on its way.

## Customers

customer-spent = Spent
customer-orders = Orders
customer-average = An order on average
customer-between = { $first } to { $last }
customer-latest = Latest orders
customer-all = All { $count }
customer-addresses = Addresses
customer-address-used = { $count ->
    [one] 1 order
   *[other] { $count } orders
}

## What happened to an order

somebody = Somebody
happened-placed = placed the order
happened-paid = Paid { $amount } with { $detail }
happened-marked-paid = marked { $amount } as paid
happened-declined = The payment was declined
happened-needs-review = { $amount } came in and does not fit the order
happened-second-charge = The provider reports a second charge for this payment; look at it there
happened-shipped = shipped { $count ->
    [one] 1 item
   *[other] { $count } items
}
happened-shipped-by = shipped { $count ->
    [one] 1 item
   *[other] { $count } items
} with { $detail }
happened-delivered = marked it as delivered
happened-refunded = refunded { $amount }
happened-refunded-items = refunded { $amount } for { $count ->
    [one] 1 item
   *[other] { $count } items
}, not restocked
happened-refunded-restocked = refunded { $amount } for { $count ->
    [one] 1 item
   *[other] { $count } items
}, restocked
happened-refund-pending = asked for { $amount } to be paid back; the provider has not answered yet
happened-refund-failed = { $amount } could not be paid back
happened-canceled = canceled the order
happened-canceled-restocked = canceled the order; the items are back in stock
happened-resent = sent the mail “{ $detail }” again
happened-note = left a note

## Lists of orders and customers

open = Open
orders-search = Search orders
orders-search-in = Number, name, e-mail, SKU
orders-pick = Select order { $number }
orders-actions = Actions for order { $number }
orders-reviewed = { $count ->
    [one] 1 payment fits no order
   *[other] { $count } payments fit no order
}
orders-none = No orders yet
orders-none-text = What is bought in the shop stands here at once.
orders-view-to-ship = To ship
orders-view-unpaid = Unpaid
orders-view-attention = Needs attention
orders-col-number = Order
orders-col-placed = Placed
orders-col-customer = Customer
orders-col-email = E-mail
orders-col-items = Items
orders-col-total = Total
orders-col-status = Status
orders-col-payment = Payment
orders-col-fulfillment = Fulfilment
orders-col-delivery = Delivery
orders-filter-status = Status
orders-filter-payment = Payment
orders-filter-fulfillment = Fulfilment
orders-filter-placed = Placed
orders-filter-total = Total
orders-status-open = Open
orders-status-completed = Completed
orders-status-canceled = Canceled
orders-payment-pending = Unpaid
orders-payment-authorized = Authorized
orders-payment-paid = Paid
orders-payment-partially_refunded = Partly refunded
orders-payment-refunded = Refunded
orders-payment-failed = Failed
orders-payment-needs_review = Needs review
orders-fulfillment-unfulfilled = Unfulfilled
orders-fulfillment-partial = Partly shipped
orders-fulfillment-fulfilled = Shipped
orders-fulfillment-delivered = Delivered
orders-fulfillment-returned = Returned
customers-search = Search customers
customers-search-in = Name, e-mail
customers-none = No customers yet
customers-none-text = Whoever orders appears here with their first order.
customers-view-returning = Came back
customers-col-name = Name
customers-col-email = E-mail
customers-col-orders = Orders
customers-col-spent = Spent
customers-col-first = First order
customers-col-last = Last order
customers-filter-orders = Orders
customers-filter-spent = Spent
customers-filter-last = Last order

## Home

home-days = { $days }, against { $before }, both until { $until }
home-period = Period
home-span-today = Today
home-span-7 = 7 days
home-span-30 = 30 days
home-revenue = Revenue
home-orders = Orders
home-average = Average order
home-conversion = Carts that became orders
home-by-percent = { $change } %
home-by-points = { $change } points
home-from = from { $was }
home-was = the same as before
home-was-none = nothing before
home-chart-today = Revenue by hour
home-chart-7 = Revenue by day
home-chart-30 = Revenue by day
home-now-today = Today
home-now-7 = These 7 days
home-now-30 = These 30 days
home-before-today = Yesterday
home-before-7 = 7 days before
home-before-30 = 30 days before
home-slot-today = Hour
home-slot-7 = Day
home-slot-30 = Day
home-best = Best: { $best }.
home-see-table = The table below has every figure.
home-show-table = Show as a table
home-needs = Needs you
home-needs-none = Nothing waits for you.
home-need-reviews = Payments to review
home-need-failed-refunds = Refund failed
home-need-dead-jobs = Tasks that failed
home-need-to-ship-late = To ship, over 2 days old
home-need-to-ship = To ship
home-need-unpaid = Outstanding amounts
home-low = Low stock
home-low-all = All { $count }
home-variant = Variant
home-left = Left
home-lasts = Lasts
home-sold-out = sold out
home-lasts-days = { $count ->
    [0] under a day
    [one] 1 day
   *[other] { $count } days
}
home-top = Top products
home-top-all = All products
home-product = Product
home-sold = Sold
home-share = Share of revenue
home-share-of = Share of revenue, { $name }
home-setup = Set up the shop
home-setup-done = { $done } of { $all }
home-setup-progress = Set-up, { $done } of { $all } steps done
home-setup-hide = Hide this list
home-done = done
home-step-product = First product
home-do-product = Add it
home-step-shipping = Delivery costs
home-do-shipping = Set them
home-step-tax = Taxes
home-do-tax = Set them
home-step-payment = Bank transfer details
home-do-payment = Add them
home-step-sender = Sender of mails
home-do-sender = Write it
home-step-legal = Legal pages
home-do-legal = Write them
home-step-order = A test order
home-do-order = Place it
home-begin = How to begin
home-no-orders = Your first sales will show here
home-no-orders-text = Revenue, orders and what sells best, day by day. Place a test order to see how it looks.
home-no-products = Nothing is for sale yet
home-no-products-text = Add a product, or bring a whole catalog from a file. It is on sale once you publish it.
home-import = Import a catalog
said-setup-hidden = The list is put away.
## The page of a product

products = Products
product-new = New product
product-view = View in shop
product-variants = { $count ->
    [one] 1 variant
   *[other] { $count } variants
}
product-on-hand = { $count } on hand
product-saved-by = last saved by { $who },
product-saved = last saved
product-history = History
product-text = Text
product-name = Title
product-summary = Summary
product-summary-hint = One line under the title, in the shop and in search results.
product-description = Description
product-description-hint = Plain text or HTML: paragraphs, headings, lists, links, tables and pictures. Scripts and styles are taken out when it is saved.
product-preview = How it looks in the shop
product-preview-none = There is no description yet.
product-preview-again = Show what is typed now
product-pictures = Pictures
product-pictures-first = The first is the cover
picture-number = Picture { $number }
picture-none = None of its own
picture-up = Move { $what } forward
picture-down = Move { $what } back
picture-remove = Remove { $what }
picture-alt = What it shows
picture-no-alt = No description yet: people who can't see it, and search engines, need one.
picture-focus = What stays in sight
picture-focus-hint = Where the picture is cut, this part stays. Choose one of nine, or click on the picture.
focus-0-0 = Upper left
focus-50-0 = Top
focus-100-0 = Upper right
focus-0-50 = Left
focus-50-50 = Middle
focus-100-50 = Right
focus-0-100 = Lower left
focus-50-100 = Bottom
focus-100-100 = Lower right
pictures-add = Add or drop pictures
pictures-kinds = JPEG, PNG, WebP or GIF, up to 20 MB each
pictures-upload = Upload
upload-failed = This picture could not be uploaded. Please try again.
product-aside = Status and organisation
product-status = Status
product-status-draft = Draft
product-status-active = Active
product-status-archived = Archived
product-status-hint = Only active products are in the shop. Archived ones are kept for their orders.
product-low = Low stock from
product-low-hint = At this number of units or fewer a variant counts as low.
product-organise = Organisation
product-category = Main category
category-none = None
product-also-in = Also in
category-add = Add a category
product-brand = Brand
product-tags = Tags
tag-add = Add tags
tag-add-hint = waxed, made in Ghent
product-sales = Last 30 days
product-sold = Sold
product-revenue = Revenue
product-options = Options
option-number = Option { $number }
option-up = Move { $name } up
option-name = Option name
option-name-hint = Colour
option-remove = Remove the option { $name }
option-add = Add option
option-colours = Colours
option-colours-hint = A colour stands beside its value in the shop.
options-hint = A new value makes its variants. Removing a value takes its variants off sale; their orders keep them.
options-none-hint = Such as colour and size: every combination becomes a variant with its own price and stock.
value-number = Value { $number } of { $name }
value-remove = Remove { $name }
values-add = Add values to { $name }
values-add-hint = Add values
variants-update = Update variants
variants-made = The options make { $count } variants: { $added } new, { $removed } gone.
variants-before-saving = Please look at them, then save.
variants-too-many = These options make more variants than a product can have.
variants-too-many-hint = A product has at most 2,000. Take values away, or make two products of it.
product-variants-head = Variants
variants-sheet = Edit as a sheet
variants-table = Variants, table
variants-more = More about the variants
variants-more-table = More about the variants, table
variants-pick-all = Select all variants
variants-fill = Fill in for all variants, or for the selected ones
variants-fill-do = Fill in
variant = Variant
variant-only = This product
variant-pick = Select { $name }
variant-sku = SKU
variant-price = Price
variant-compare-at = Compare-at
variant-on-hand = On hand
variant-available = Available
variant-sell = Sell
variant-stock = Stock
variant-picture = Picture
variant-barcode = Barcode
variant-weight = Grams
variant-sent = Shipped
variant-taxed = Taxed
cell-sku = SKU, { $name }
cell-price = Price, { $name }
cell-compare-at = Compare-at price, { $name }
cell-on-hand = On hand, { $name }
cell-on-hand-at = On hand, { $name }, { $place }
cell-sold = For sale, { $name }
cell-stock = Stock, { $name }
cell-picture = Picture, { $name }
cell-barcode = Barcode, { $name }
cell-weight = Weight in grams, { $name }
cell-sent = Has to be shipped, { $name }
cell-taxed = Tax is due, { $name }
stock-deny = Counted: sold until it runs out
stock-continue = Counted: sold on, made to order
stock-untracked = Not counted
product-attributes = Details
product-attributes-hint = Shown as a table on the product's page, and to filter by
attribute-name = Name of detail { $number }
attribute-value = Value of detail { $number }
attribute-name-hint = Made of
attribute-value-hint = Waxed cotton
attribute-remove = Remove detail { $number }
attribute-add = Add detail
product-search = Search engines
seo-title = Title for search engines
seo-title-hint = Empty takes the title of the product.
seo-description = Description for search engines
seo-description-hint = Empty takes the summary.
seo-count = Title { $title } of 60 characters, description { $description } of 155.
product-slug = Address
product-slug-hint = The last part of the product's address: a-z, 0-9 and hyphens. Empty is made from the title. Earlier addresses go on leading here.
product-old-slugs = Earlier addresses:
form-wrong = { $count ->
    [one] One thing needs another look
   *[other] { $count } things need another look
}
product-parts = Spare parts
product-related = Goes with
history-more = and { $count } more
field-variant = { $what }, { $name }
history-product-created = Created
history-product-updated = Changed
history-product-archived = Archived
history-shop = The shop
history-none = Nothing has been written down yet.
conflict-head = { $who } saved this product while you were editing
conflict-head-somebody = This product was saved elsewhere while you were editing
conflict-both = { $count ->
    [one] Nothing is lost. You both changed one field: choose what to keep, then save.
   *[other] Nothing is lost. You both changed { $count } fields: choose what to keep, then save.
}
conflict-merged = Nothing is lost: you changed other fields. Look at them together, then save.
conflict-theirs = Already below, from the other side:
conflict-table = Fields changed by both
conflict-field = Field
conflict-was = Was
conflict-saved = { $who }, version { $version }
conflict-yours = Yours, not saved
conflict-empty = empty
conflict-keep = Keep these choices
conflict-take-theirs = Take all of theirs
said-product-saved = The product is saved.
said-product-created = The product is made.

## Categories

categories = Categories
categories-tree = Category tree
categories-empty = No categories yet
categories-empty-text = Categories are the shelves of the shop: its menu, its listings and the way to a product.
categories-choose = Choose a category to change it. The arrows move one among its neighbours, out of its parent or under the one above it; dragging does the same.
category-new = New category
category-products = { $count ->
    [0] no products
    [one] 1 product
   *[other] { $count } products
}
category-up = Move { $name } up
category-down = Move { $name } down
category-out = Move { $name } out of its parent
category-in = Move { $name } under the one above it
category-below = New category under { $name }
category-name = Name
category-parent = Stands under
category-top = Nothing: at the top
category-description = Description
category-picture = Picture
category-no-picture = Take the picture away
category-slug-hint = The last part of its address: a-z, 0-9 and hyphens. Empty is made from the name. Earlier addresses go on leading here.
category-delete = Delete category
category-delete-sure = Delete { $name }?
category-delete-text = { $products ->
    [0] No product stands in it.
    [one] Its product moves one level up.
   *[other] Its { $products } products move one level up.
}{ $children ->
    [0] { "" }
    [one] { " " }The category in it moves one level up.
   *[other] { " " }The { $children } categories in it move one level up.
} Its address leads to the level above.
category-delete-not = It stands at the top, so its products would stand nowhere. Move them to other categories, then it can be deleted.
category-conflict = Somebody else saved this category while you were editing
category-conflict-text = What you typed is below, theirs is beside it. Saving again keeps yours.
conflict-theirs-head = As saved now
said-category-saved = The category is saved.
said-category-created = The category is made.
said-category-moved = The category is moved.
said-category-deleted = The category is deleted.

## The list of products

products-search = Search products
products-search-in = Title, SKU, barcode, brand or tag
products-col-name = Product
products-col-status = Status
products-col-stock = Available
products-col-price = Price
products-col-category = Category
products-col-brand = Brand
products-col-created = Made
products-col-updated = Changed
products-filter-status = Status
products-filter-category = Category
products-filter-stock = Stock
products-filter-price = Price
products-status-draft = Draft
products-status-active = Active
products-status-archived = Archived
products-stock-in = In stock
products-stock-low = Low
products-stock-out = Sold out
products-stock-untracked = Not counted
products-view-all = All
products-view-active = Active
products-view-draft = Drafts
products-view-archived = Archived
products-view-low = Low or sold out
products-pick = Select { $name }
products-uncounted = not counted
products-in-variants = in { $count }
products-low = low
products-out = sold out
products-transfers = Import and export
products-import = Import a catalog
products-none = No products yet
products-none-text = Write the first one, or bring a catalog along: a Shopify export or a file of Oxcart.
bulk-do-publish = Publish
bulk-do-archive = Archive
bulk-do-draft = Make drafts
bulk-do-tag = Add tags
bulk-do-untag = Remove tags
bulk-do-price = Change prices
bulk-tags = Tags
bulk-prices = Prices
bulk-more = More changes
bulk-step = What happens to the price
bulk-step-raise = Raise by percent
bulk-step-lower = Lower by percent
bulk-step-add = Raise by { $sign }
bulk-step-take = Lower by { $sign }
bulk-step-set = Set to { $sign }
bulk-step-keep = Leave it
bulk-by = Percent or amount
bulk-rounding = Rounded
bulk-rounding-exact = Not at all
bulk-rounding-whole = To whole units
bulk-rounding-ending_99 = To prices that end in .99
bulk-rounding-ending_95 = To prices that end in .95
bulk-compare-at = The price before, crossed out
bulk-compare-at-keep = As it is
bulk-compare-at-former = The price of today
bulk-compare-at-clear = None
bulk-publish = Publish products
bulk-archive = Archive products
bulk-draft = Make drafts of products
bulk-tag = Add tags
bulk-untag = Remove tags
bulk-price = Change prices
bulk-running = Running
bulk-partly = Not all
bulk-done = Done
bulk-progress = { $done } of { $total } products
bulk-leave = You can leave this page; it goes on.
bulk-changed = { $count ->
    [one] 1 product was changed.
   *[other] { $count } products were changed.
}
bulk-unchanged = { $count ->
    [one] 1 was so already.
   *[other] { $count } were so already.
}
bulk-failed = { $count ->
    [one] 1 could not be changed.
   *[other] { $count } could not be changed.
}
bulk-failed-head = Not changed
bulk-gone = A product that is gone
bulk-why = Why
bulk-back = Back to the products
# Inventory
inventory-transfers = Import and export
inventory-search = Search variants
inventory-search-in = Name or SKU
inventory-col-product = Variant
inventory-col-sku = SKU
inventory-col-on-hand = On hand
inventory-col-reserved = Reserved
inventory-col-available = Available
inventory-col-low-at = Low at
inventory-col-price = Price
inventory-col-compare-at = Compare-at
inventory-filter-stock = Stock
inventory-filter-category = Category
inventory-filter-location = Location
inventory-places = Location
inventory-places-all = All for sale
inventory-places-hint = Choose a location to change its stock.
inventory-place = Location
inventory-at-places = By location
inventory-not-sold-from = Not sold from here
inventory-bring = Bring elsewhere
inventory-bring-quantity = Units
inventory-bring-from = From
inventory-bring-to = To
inventory-bring-do = Bring
inventory-stock-in = in stock
inventory-stock-low = low
inventory-stock-out = sold out
inventory-view-low = Low
inventory-view-out = Sold out
inventory-none = What you sell will be counted here
inventory-none-text = Each variant of a product has a row with its stock and its prices. Make a product to begin.
inventory-region = Stock and prices, scrolls
inventory-grid = Stock and prices
inventory-cell = { $column }, { $name }
inventory-mode = What a typed number means
inventory-set = Set to
inventory-add = Add
inventory-reason = Reason
inventory-reason-correction = Correction
inventory-reason-received = Delivery received
inventory-reason-stocktake = Recount
inventory-reason-damaged = Damaged or lost
inventory-reason-returned = Brought back
inventory-reason-moved = Brought elsewhere
inventory-note = Note
inventory-undo = Undo, Ctrl Z
inventory-plain-hint = Write +5 or -2 to add or take away. Everything is saved together.
inventory-draft = Draft
inventory-not-counted = not counted
inventory-not-counted-text = The stock of this variant is not counted. It can always be bought.
inventory-low = Low:
inventory-out = Sold out:
inventory-backorder = Made to order:
inventory-reserved-who = { $count } reserved, by whom
inventory-keys = Keys
inventory-key-move = move
inventory-key-edit = edit, then down
inventory-key-extend = extend
inventory-key-paste = paste from a spreadsheet
inventory-key-fill = fill down
inventory-key-undo = undo
inventory-key-leave = leave the cell
inventory-panel = Selected variant
inventory-panel-empty = Choose a cell to see who holds the variant and what moved last.
inventory-changed = { $count } cells changed
inventory-changed-one = 1 cell changed
inventory-whole = All or nothing: nothing is saved until every cell is right.
inventory-fix = All or nothing: { $count } cells have to be put right first.
inventory-fix-one = All or nothing: one cell has to be put right first.
inventory-show-error = Show the error
inventory-wrong-title = Nothing is saved yet
inventory-wrong =
    { $count ->
        [one] One row has to be put right first.
       *[other] { $count } rows have to be put right first.
    }
inventory-type-number = Enter a whole number, or one with + or - to add it.
inventory-type-amount = Enter an amount such as 12.50.
inventory-type-ambiguous = This may mean two amounts. Write it with a point and all decimals, such as 1299.00.
inventory-type-decimals = These are more decimals than the currency has.
inventory-type-needed = A price is needed.
inventory-pasted-cut = { $count } pasted cells did not fit on this page.
inventory-pasted-nowhere = These cells follow from others and can't be typed in.
inventory-was = was { $value }
inventory-now = Stock
inventory-low-at = Counts as low at { $count } or fewer.
inventory-holds = Reserved by
inventory-holds-none = Nobody holds any of it.
inventory-hold-who = Who
inventory-hold-quantity = Quantity
inventory-hold-open = Checkout { $id }
inventory-hold-processing = Checkout { $id }, paying now
inventory-hold-needs_review = Checkout { $id }, payment under review
inventory-hold-until =
    { $count ->
        [0] until { $time }, less than a minute left
        [one] until { $time }, one minute left
       *[other] until { $time }, { $count } minutes left
    }
inventory-hold-processing-until = until the payment has ended
inventory-hold-needs_review-until = until somebody has decided
inventory-movements = Movements
inventory-movements-of = movements of { $name }
inventory-movements-none = Nothing has moved yet.
inventory-move-when = When
inventory-move-what = What
inventory-move-note = Note
inventory-move-by = By
inventory-move-change = Change
inventory-move-left = Left
inventory-moved-initial = First count
inventory-moved-import = Import
inventory-moved-correction = Correction
inventory-moved-received = Delivery received
inventory-moved-stocktake = Recount
inventory-moved-damaged = Damaged or lost
inventory-moved-returned = Brought back
inventory-moved-moved = Brought elsewhere
inventory-moved-sale = Sold
inventory-moved-return = Returned
inventory-moved-cancel = Canceled
inventory-order = order { $number }
inventory-by-shop = The shop
inventory-newer = Newer
inventory-older = Older
inventory-edit-product = Edit product
said-inventory-saved = Stock and prices are saved.
said-inventory-brought = The units are at their new location.
## Settings

settings-general = General
said-settings-merged = Saved. What somebody else changed meanwhile stands too.
settings-general-about = Name, currency, country, language and time
settings-front = Front page
settings-front-about = The picture and words at the top, and the notice above every page
settings-taxes = Taxes
settings-taxes-about = Whether prices include tax, and the rates by country and region
settings-shipping = Delivery
settings-shipping-about = Ways of delivery, where they go, what they cost and how long they take
settings-locations = Locations
settings-locations-about = Where stock lies, and from where it is sold first
settings-sender = Sender and bank
settings-sender-about = Who mails come from, and where a bank transfer goes
settings-legal = Legal pages
settings-legal-about = Terms, privacy, imprint, returns
settings-beside = Beside
settings-preview = As it is saved
settings-refused = Not saved yet
settings-refused-text = Please look at the marked fields.
settings-conflict = Somebody else changed this page meanwhile
settings-conflict-text = Your changes are in the form below and nothing is lost. Saving now replaces what is there with yours.
settings-conflict-field = Field
settings-conflict-theirs = There now
settings-conflict-yours = Yours
settings-conflict-take = Leave it as it is there
settings-name = Name of the shop
settings-country = Country
settings-currency = Currency
settings-currency-hint = It stays once there are prices in it. Delivery costs keep their numbers.
settings-locale = Way of writing amounts and dates
settings-locale-hint = A language tag such as en-GB.
settings-time-zone = Time zone
settings-time-zone-hint = Such as Europe/Amsterdam.
settings-demo = This shop is a demonstration
settings-demo-hint = Every page says that nothing is for sale.
settings-preview-amount = An amount
settings-preview-time = Now
settings-notice = Notice above every page
settings-filters = Attributes to filter by
settings-filters-hint = One name a line, in the order in which lists show them. Empty leaves it to the shop: what many products have and few values of.
settings-notice-hint = One line. Empty shows none.
settings-hero = Head of the front page
settings-hero-about = Leave all of it empty for the words of the theme.
settings-hero-title = Title
settings-hero-text = Sentence
settings-hero-upload = Picture
settings-hero-upload-hint = JPEG, PNG, WebP or GIF, up to 20 MB. Landscape looks best.
settings-hero-picture = Its address
settings-hero-picture-hint = Filled by the upload. Or an https address, or the name of a picture of this shop, such as hero.svg.
settings-hero-alt = What is to be seen in it
settings-hero-alt-hint = For people who do not see the picture.
settings-hero-label = Words on the button
settings-hero-url = Where it leads
settings-hero-url-hint = A path such as /products, or an https address.
settings-saved-front = As it is saved
settings-see-front = See the front page
settings-prices = Prices
settings-prices-yes = Include tax, as in Europe
settings-prices-no = Are without tax; it is added at checkout, as in North America
settings-tax-shipping = Delivery is taxed too, at the rate of the goods
settings-rates = Rates
settings-rates-about = The rate of a region goes before the rate of its country.
settings-rate-country = Country
settings-rate-region = Region
settings-rate-rate = Rate, %
settings-rate-label = Called
settings-rate-of = { $field }, { $place }
settings-rate-add = Add a rate
settings-rate-remove = Remove the rate of { $place }
settings-default-rate = Rate everywhere else, %
settings-default-rate-hint = 0 sends goods there without tax.
settings-preview-tax-in = A price of 100 in your own country has { $tax } of { $label } in it.
settings-preview-tax-on = A price of 100 in your own country gets { $tax } of { $label } on top.
settings-method-new = New way of delivery
settings-method-label = Name
settings-method-id = Short name
settings-method-id-hint = Orders keep it. Small letters, digits and hyphens.
settings-method-amount = Costs, { $currency }
settings-method-free = Free from, { $currency }
settings-method-free-hint = Goods of this much are sent free of charge.
settings-method-min = Fewest days
settings-method-max = Most days
settings-method-countries = Countries
settings-method-countries-hint = Codes or names with commas between them. Empty goes everywhere.
settings-method-regions = Regions
settings-method-regions-hint = Codes with commas between them. Empty goes to all regions.
settings-method-add = Add a way of delivery
settings-method-remove = Remove { $name }
settings-method-up = Move { $name } up
settings-method-down = Move { $name } down
settings-shipping-order = Order
settings-shipping-order-text = Shoppers see the ways of delivery that reach them; the cheapest is chosen first.
settings-location-new = New location
settings-location-name = Name
settings-location-code = Short name
settings-location-code-hint = Files and programs use it, and it stays what it is. Empty follows the name.
settings-location-main = The main location. What names no other means this one: imports, files, made to order.
settings-location-sells = The shop sells what lies here
settings-location-sells-hint = Without the tick stock is counted here, but nobody can buy it.
settings-location-add = Add a location
settings-location-order-text = An order is taken from the first location that has all of it; else each line from the first that has enough. A location can be removed once nothing lies or is promised there.
settings-sender-name = Name
settings-sender-email = E-mail address
settings-sender-address = Postal address
settings-sender-address-hint = A line each, as it stands at the foot of mails.
settings-bank = Bank details
settings-bank-hint = Account holder, number and bank, for who pays by transfer.
settings-preview-sender = Mails come from
settings-terms = Terms of sale
settings-privacy = Privacy
settings-imprint = Imprint
settings-returns = Returns
settings-html-hint = HTML. Scripts and styles are taken out.
settings-version = Version of the terms
settings-version-hint = Orders keep the one that was accepted. Raise it when the terms change.
settings-legal-seen = As shoppers see them
## Import and export

import-title = Import
import-refused = The file was not taken
import-format = Format
import-format-detect = Tell from the file
import-format-shopify = Product CSV, as Shopify exports it
import-format-lines = JSON lines of this shop
import-format-icecat = Icecat
import-file = File
import-file-hint = CSV or JSON lines, packed with gzip or not, up to 64 MB. Nothing is changed until you have seen what the file does.
import-check = Upload and check
import-latest = Latest imports
import-nameless = File without a name
import-taken = New or changed
import-uploaded = Uploaded
import-state-checking = Being checked
import-state-checked = Checked
import-state-importing = Being imported
import-state-done = Imported
import-state-canceled = Stopped
import-state-failed = Not readable
import-verdict-new = New
import-verdict-changed = Changed
import-verdict-unchanged = Unchanged
import-verdict-warning = Note
import-verdict-skipped = Skipped
import-kind-products = Products
import-kind-categories = Categories
import-kind-coupons = Coupons
import-what = What
import-sums = What the file comes to
import-progress = Progress of the import
import-stop = Stop
import-leave = Leave it
import-begin = { $count ->
    [one] Import 1 change
   *[other] Import { $written } changes
}
import-through = { $count } looked at
import-through-of = { $count } of { $total } done
import-said-checked = This is what would happen. Nothing has been changed yet.
import-said-done = This is what happened.
import-said-canceled = What was imported by then stays.
import-said-failed = Nothing was changed.
import-unreadable = The file can't be read
import-skipped = { $count ->
    [one] 1 entry can't be taken as it stands.
   *[other] { $written } entries can't be taken as they stand.
}
import-error-file = Error file
import-error-file-hint = It has these entries as they were, each with what is wrong. Mend them there and upload that file.
import-rows = Line by line
import-rows-which = Which lines are shown
import-rows-all = Everything
import-rows-problems = Problems only
import-rows-count = { $count ->
    [one] 1 row
   *[other] { $written } rows
}
import-rows-none = There is nothing to show here.
import-line = Line
import-name = Name
import-outcome = Outcome
import-why = Why
import-whole-file = The whole file
export-title = Export
export-catalog = Catalog
export-catalog-hint = JSON lines have everything and can be imported again without changing anything. The CSV has the products in Shopify's columns, for spreadsheets and other shops; what has no column there stays as it is when you import the file again.
export-lines = Everything, as JSON lines
export-products = Products, as CSV
export-orders = Orders
export-orders-hint = A row for each line of an order; amounts of the whole order stand in its first row. Without days it has all orders.
export-orders-csv = Orders, as CSV
export-from = From
export-to = To
export-customers = Customers
export-customers-hint = Everybody who has ordered, with the number of orders and what they came to.
export-customers-csv = Customers, as CSV

## Search of the shop

search-title = Shop search
search-rules = Rules
search-rule-new = New rule
search-kind = Kind of rule
search-kind-query = Query
search-kind-synonyms = Synonyms
search-queries = Queries
search-queries-none = No query is answered differently yet.
search-query-new = New rule for a query
search-synonyms = Synonyms
search-synonyms-none = No words mean the same yet.
search-synonyms-new = New synonyms
search-empty = No rules yet
search-empty-text = The search finds products by itself. Rules help where you know better: put a product first for a query, leave one out, lead a query to a page, or say which words mean the same.
search-word = Word
search-finds = Also finds
search-direction = Direction
search-one-way-short = One way
search-two-way-short = Both ways
search-query = Query
search-query-hint = What shoppers type. Capitals, accents and plurals don’t matter.
search-words = Words that mean the same
search-words-hint = One a line, words or short phrases: 2 to 20.
search-one-way = One way only
search-one-way-hint = Who searches for the first also finds the others, not the other way round: “furniture” finds sofas, “sofa” does not find all furniture.
search-products = Products
search-products-none = None chosen. Look for one below, or choose among what is found now.
search-pinned = Pinned
search-boosted = Boosted
search-hidden = Left out
search-redirect = Leads to
search-redirect-hint = A path of the shop, such as /c/sale. Empty shows what is found.
search-pin = Pin: stands first
search-boost = Boost: ranks higher
search-hide = Leave out
search-pin-named = Pin { $name }
search-boost-named = Boost { $name }
search-hide-named = Leave out { $name }
search-drop-named = Remove { $name } from the rule
search-place-named = Place of { $name }
search-how-named = What becomes of { $name }
search-is-pin = Pinned
search-is-boost = Boosted
search-is-hide = Left out
search-gone = A product that is not there any more
search-sold-out = sold out
search-find = Add a product
search-find-do = Look
search-find-count = { $count ->
    [0] No product on sale has these words.
    [1] 1 product has these words.
   *[other] { $count } products have these words.
}
search-preview = Preview
search-preview-do = Show
search-preview-begin = Type a query: what shoppers would get is shown here.
search-preview-not-ready = The search index is being built. Try again in a moment.
search-preview-redirect = Shoppers are led elsewhere
search-preview-count = { $count ->
    [0] “{ $query }” finds nothing.
    [1] “{ $query }” finds 1 product.
   *[other] “{ $query }” finds { $count } products.
}
search-preview-corrected = Read as “{ $query }”.
search-preview-nothing = Pin a product, or say which word means the same.
search-tried = Try a query
search-conflict = Somebody else saved this rule while you were editing
search-delete = Delete rule
search-delete-sure = Delete the rule for { $name }?
search-delete-text = Shoppers get what the search finds by itself, within a second.
said-search-created = The rule is made. Shoppers have it within a second.
said-search-saved = The rule is saved. Shoppers have it within a second.
said-search-deleted = The rule is deleted.
search-report-top = Top queries
search-report-without_results = Without results
search-report-without_clicks = Without clicks
search-days = Time
search-last-days = { $days } days
search-searches = Searches
search-without = Without results
search-clicks = Clicks
search-share-without = Found nothing
search-share-clicks = Clicks for 100 searches
search-try = Search the shop for { $query }
search-rule-make = Make a rule
search-rule-change = Change rule
search-rule-make-named = Make a rule for { $query }
search-rule-change-named = Change rule for { $query }
search-none-yet = No searches in these days
search-none-yet-text = What shoppers search for is counted here, a few seconds after they did.
search-none-yet-do = Search the shop
search-none-top = Nothing was searched for
search-none-top-text = Queries appear here a few seconds after somebody searched.
search-none-without_results = Every search found something
search-none-without_results-text = A query that finds nothing appears here, to be helped with a synonym or a page to go to.
search-none-without_clicks = Every query led to a product
search-none-without_clicks-text = Queries whose results nobody follows appear here: perhaps other products should stand first.
search-report-about = Counted by day and kept for 90 days, without anything about who searched. What looks like an e-mail address, a telephone number or an order number is left out. Clicks are counted by a script, so those of browsers without scripts are missing.
