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

package dev.outbox.it.operate;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Somebody who uses the endpoints over HTTP. Whatever they answer is compared with their
 * description.
 */
final class HttpOperator {

	static final String PASSWORD = "pass-of-users";

	private static final String TOKEN = "0b7ea0a5-8f5d-4b6e-9d53-1f7a2bbf2a11";

	private final HttpClient client = HttpClient.newHttpClient();

	private final String endpoints;

	private final @Nullable String user;

	private final boolean withToken;

	private HttpOperator(String endpoints, @Nullable String user, boolean withToken) {
		this.endpoints = endpoints;
		this.user = user;
		this.withToken = withToken;
	}

	static HttpOperator anonymous(int port) {
		return new HttpOperator("http://127.0.0.1:" + port + "/actuator/", null, true);
	}

	HttpOperator as(String user) {
		return new HttpOperator(this.endpoints, user, this.withToken);
	}

	/**
	 * Like a page of somebody else that the browser of the operator shows.
	 */
	HttpOperator withoutToken() {
		return new HttpOperator(this.endpoints, this.user, false);
	}

	Answer get(String path) {
		return send("GET", path, null);
	}

	Answer post(String path, String body) {
		return send("POST", path, body);
	}

	Answer delete(String path) {
		return send("DELETE", path, null);
	}

	private Answer send(String method, String path, @Nullable String body) {
		HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(this.endpoints + path))
			.method(method, (body != null) ? BodyPublishers.ofString(body) : BodyPublishers.noBody())
			.header("Content-Type", "application/json");
		if (this.user != null) {
			String login = this.user + ':' + PASSWORD;
			request.header("Authorization",
					"Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8)));
		}
		if (this.withToken) {
			request.header("Cookie", "XSRF-TOKEN=" + TOKEN).header("X-XSRF-TOKEN", TOKEN);
		}
		try {
			HttpResponse<String> response = this.client.send(request.build(), BodyHandlers.ofString());
			if (path.startsWith("outbox")) {
				OpenApi.document()
					.check(method, "/actuator/" + path, body, response.statusCode(),
							response.headers().firstValue("Content-Type").orElse(null), response.body());
			}
			return new Answer(response.statusCode(), response.body());
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * What the application answers.
	 */
	record Answer(int status, String body) {

		JsonNode json() {
			return JsonMapper.shared().readTree(this.body);
		}

		/**
		 * Returns a value in the answer.
		 * @param pointer where, for example {@code /letters/0/number}
		 */
		String at(String pointer) {
			return json().at(pointer).asString();
		}

	}

}
