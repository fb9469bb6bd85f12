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

package dev.outbox.lab.app;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * The process of a contender. It does what it is told on its standard input, and answers
 * each line with one.
 */
public final class ContenderMain {

	private final Contender contender;

	private final boolean tuned;

	private @Nullable ConfigurableApplicationContext context;

	private ContenderMain(Contender contender, boolean tuned) {
		this.contender = contender;
		this.tuned = tuned;
	}

	/**
	 * Start the process.
	 * @param arguments the class of the contender, and whether it is tuned
	 * @throws Exception if the contender cannot be created or the input not be read
	 */
	public static void main(String[] arguments) throws Exception {
		Contender contender = (Contender) Class.forName(arguments[0]).getDeclaredConstructor().newInstance();
		new ContenderMain(contender, Boolean.parseBoolean(arguments[1])).listen();
	}

	private void listen() throws IOException {
		BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
		System.out.println("answer 0 ok ready");
		for (String line = in.readLine(); line != null; line = in.readLine()) {
			String[] words = line.split(" ");
			System.out.println("answer " + words[0] + " " + answer(words));
		}
		// The relays of some libraries keep threads that are no daemons.
		Runtime.getRuntime().halt(0);
	}

	private String answer(String[] words) {
		try {
			return "ok " + execute(words[1], words);
		}
		catch (Exception | LinkageError ex) {
			ex.printStackTrace();
			return "failed " + reason(ex);
		}
	}

	private static String reason(Throwable thrown) {
		Throwable cause = thrown;
		while (cause.getCause() != null && cause.getCause() != cause) {
			cause = cause.getCause();
		}
		return (cause.getClass().getSimpleName() + ": " + cause.getMessage()).replaceAll("\\s+", " ");
	}

	private String execute(String command, String[] words) throws Exception {
		return switch (command) {
			case "mode" -> mode(words[2]);
			case "publish" -> load().publish(Load.Shape.parse(words));
			case "load" ->
				load().openLoop(Load.Shape.parse(words), Integer.parseInt(words[6]), Integer.parseInt(words[7]));
			case "write" -> load().write(words[2], Integer.parseInt(words[3]), Integer.parseInt(words[4]),
					Boolean.parseBoolean(words[5]));
			case "poison" -> load().poison(words[2]);
			case "heap" -> heap();
			default -> throw new IllegalArgumentException("Unknown command " + command);
		};
	}

	private String mode(String mode) {
		if (this.context != null) {
			this.context.close();
			this.context = null;
		}
		if (!mode.equals("none")) {
			Map<String, Object> properties = new HashMap<>(this.contender.properties(mode.equals("relay"), this.tuned));
			properties.merge("spring.autoconfigure.exclude", System.getProperty("lab.exclude", ""),
					(own, common) -> own + "," + common);
			properties.put("spring.main.banner-mode", "off");
			properties.put("spring.main.keep-alive", "false");
			this.context = new SpringApplicationBuilder(this.contender.application()).web(WebApplicationType.NONE)
				.registerShutdownHook(false)
				.properties(properties)
				.run();
		}
		return mode;
	}

	private Load load() {
		ConfigurableApplicationContext running = this.context;
		if (running == null) {
			throw new IllegalStateException("The application is not running");
		}
		Consumer<LabEvent> publisher = this.contender.publisher(running);
		return Load.of(running, publisher);
	}

	private static String heap() {
		System.gc();
		return Long.toString(ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
	}

}
