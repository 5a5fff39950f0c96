/** The whole question answered on the model and the data that come with Graft. */
package dev.graft.demo;
