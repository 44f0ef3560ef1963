/** A rank's own end: links, polling, waiting. */
package org.isthmus.node.endpoint;
