/** Processes of other jobs: meeting them at ports, and the links that carry records to and from them. */
package org.isthmus.node.connect;
