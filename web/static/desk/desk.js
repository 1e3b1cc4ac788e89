// What every page of the desk has: the key that leads to the paste box.
