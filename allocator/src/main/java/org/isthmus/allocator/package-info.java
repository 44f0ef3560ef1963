/** Shared memory for messages: the node's pool of extents and the ranks' pools of blocks. Imports the JDK only. */
package org.isthmus.allocator;
