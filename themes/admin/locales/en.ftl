# Every text of the admin, in English. Amounts and dates come in as they are to be read. One section an area.

## Every page

skip-to-content = Skip to content
nav-main = Main
nav-shop = Shop and account
nav-home = Home
nav-orders = Orders
nav-products = Products
nav-categories = Categories
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
find-placeholder = Orders, products, customers, places
find-results = Results
find-choose = choose
find-open = open
find-tab = new tab
find-all-keys = all shortcuts
find-none = Nothing found.
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
find-shipping = Settings › Shipping
find-tax = Settings › Tax
find-legal = Settings › Legal pages
find-sender = Settings › Sender of letters
shortcuts = Keyboard shortcuts
short-find = Search and commands
short-keys = This list
short-home = Go to home
short-orders = Go to orders
short-products = Go to products
short-categories = Go to categories
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
error-safe = Nothing was changed. Go back, or start again from home.
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
note-too-long = A note can be at most 5,000 characters long.
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
home-step-shipping = Shipping rates
home-do-shipping = Set them
home-step-tax = Taxes
home-do-tax = Set them
home-step-payment = Bank transfer details
home-do-payment = Add them
home-step-sender = Sender of letters
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
