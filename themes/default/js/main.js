// What every page needs. Each module finds its own place in the page and does nothing where there is none.
import { readCount, showCount } from "./page.js";
import "./pictures.js";
import "./menu.js";
import "./cart.js";
import "./listing.js";
import "./suggest.js";
import "./clicks.js";
import "./recent.js";
import "./views.js";
import "./product.js";
import "./checkout.js";
import "./order.js";

showCount(readCount());
// A page that comes back from the back button may have an old number on it.
addEventListener("pageshow", () => showCount(readCount()));
