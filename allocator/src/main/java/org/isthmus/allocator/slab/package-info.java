/** Blocks and slabs: size classes, handles, state words, and the descriptor of a slab. */
package org.isthmus.allocator.slab;
