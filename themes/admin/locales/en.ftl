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
