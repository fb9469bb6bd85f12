/*
 * Copyright 2026 the original author or authors.
 *
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      https://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */

package dev.outbox.sample.launcher;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/**
 * Runs the whole sample.
 */
public final class Launcher {

	private Launcher() {
	}

	/**
	 * Run the servers and two instances of the shop until this JVM is told to end.
	 * @param args properties as for any Spring Boot application,
	 * {@code --spring.profiles.active=rabbit} for one
	 */
	public static void main(String[] args) {
		// Before anything logs. Spring Boot, which does this otherwise, is in the
		// instances.
		System.setProperty("logback.configurationFile", "dev/outbox/sample/launcher/launcher-logback.xml");
		CompletableFuture<Shop> starting = new CompletableFuture<>();
		// Before the servers start: one of them is a process that would be left.
		Runtime.getRuntime().addShutdownHook(new Thread(() -> close(starting), "close-shop"));
		try {
			Shop shop = new Shop(Options.of(args));
			starting.complete(shop);
			shop.open();
		}
		catch (IOException | RuntimeException | Error ex) {
			System.err.println("The shop stays closed: " + ex.getMessage());
			if (ex.getCause() != null) {
				ex.printStackTrace();
			}
			// The hook waits for a shop otherwise.
			starting.completeExceptionally(ex);
			// Threads of a server may be left.
			System.exit(1);
		}
	}

	private static void close(CompletableFuture<Shop> starting) {
		try {
			starting.join().close();
		}
		catch (CompletionException ex) {
			// There is no shop, and it has been said why.
		}
		catch (IOException ex) {
			System.err.println("The data of the embedded servers was not deleted: " + ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
