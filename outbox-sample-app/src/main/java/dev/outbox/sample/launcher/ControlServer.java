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
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import tools.jackson.databind.json.JsonMapper;

/**
 * Lets the instances ask the launcher for something, over HTTP on this machine only, and
 * below a path that a page of others in the browser cannot know:
 *
 * <pre>
 * GET  /                          the broker's state and the instances
 * POST /broker/stop, start
 * POST /instances/B/kill, start
 * POST /instances/B/ready/8081    says the instance itself
 * </pre>
 */
final class ControlServer implements AutoCloseable {

	private static final Pattern INSTANCE = Pattern.compile("/instances/(\\w+)/(kill|start|ready)(?:/(\\d+))?");

	/** Not by its name, which may stand for another address as well. */
	private static final String HOST = "127.0.0.1";

	private final String root = "/" + UUID.randomUUID();

	private final JsonMapper json = new JsonMapper();

	private final Shop shop;

	private final HttpServer server;

	ControlServer(Shop shop) throws IOException {
		this.shop = shop;
		this.server = HttpServer.create(new InetSocketAddress(HOST, 0), 0);
		this.server.createContext(this.root + "/", this::handle);
		this.server.start();
	}

	String url() {
		return "http://" + HOST + ":" + this.server.getAddress().getPort() + this.root;
	}

	private void handle(HttpExchange exchange) throws IOException {
		try (exchange) {
			exchange.getRequestBody().readAllBytes();
			String path = exchange.getRequestURI().getPath().substring(this.root.length());
			boolean known = exchange.getRequestMethod().equals("GET") ? path.equals("/") : change(path);
			if (!known) {
				exchange.sendResponseHeaders(404, -1);
				return;
			}
			byte[] answer = this.json.writeValueAsBytes(this.shop.view());
			exchange.getResponseHeaders().set("Content-Type", "application/json");
			exchange.sendResponseHeaders(200, answer.length);
			OutputStream body = exchange.getResponseBody();
			body.write(answer);
		}
	}

	private boolean change(String path) throws IOException {
		switch (path) {
			case "/broker/stop" -> this.shop.broker().stop();
			case "/broker/start" -> this.shop.broker().start();
			default -> {
				return changeInstance(path);
			}
		}
		return true;
	}

	private boolean changeInstance(String path) throws IOException {
		Matcher matcher = INSTANCE.matcher(path);
		Instance instance = matcher.matches() ? this.shop.instance(matcher.group(1)) : null;
		if (instance == null) {
			return false;
		}
		switch (matcher.group(2)) {
			case "kill" -> instance.kill();
			case "start" -> this.shop.start(instance);
			default -> {
				String port = matcher.group(3);
				if (port == null) {
					return false;
				}
				this.shop.ready(instance, Integer.parseInt(port));
			}
		}
		return true;
	}

	@Override
	public void close() {
		this.server.stop(0);
	}

}
