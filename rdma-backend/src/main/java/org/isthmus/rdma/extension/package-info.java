/** What DiSNI's verbs API cannot say, as interfaces that our providers implement beside it. */
package org.isthmus.rdma.extension;
