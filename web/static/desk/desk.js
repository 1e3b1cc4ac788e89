// What every page of the desk has: its keys. The class says to the style
// sheets that there are modules.

import './keys.js';

document.documentElement.classList.add('has-modules');
