/** The file behind the node segment. */
package org.isthmus.allocator.segment;
