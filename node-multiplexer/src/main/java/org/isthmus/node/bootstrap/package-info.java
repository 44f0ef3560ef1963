/** Who this process is in its job, and how the ranks of a node come together and learn of each other's death. */
package org.isthmus.node.bootstrap;
