// What every page of the admin has. Each part finds its own place in the page and does nothing where it has none.
import "./look.js";
import "./menus.js";
import "./keys.js";
import "./palette.js";
import "./toasts.js";
import "./forms.js";
import "./rows.js";
import "./list.js";
import "./transfers.js";
