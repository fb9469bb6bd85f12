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

package dev.outbox.sample.control;

import java.util.List;
import java.util.Map;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;

/**
 * Passes the buttons of the page on to the launcher. The content type keeps pages of
 * others from pressing them: a browser asks before it sends it to another site.
 */
@RestController
@RequestMapping(path = "/control", produces = MediaType.APPLICATION_JSON_VALUE)
class ControlController {

	private final String url;

	private final RestClient launcher = RestClient.create();

	ControlController(@Value("${sample.control:}") String url) {
		this.url = url;
	}

	@GetMapping
	Object state() {
		if (this.url.isEmpty()) {
			return Map.of("broker", "ELSEWHERE", "instances", List.of());
		}
		return answer(this.launcher.get().uri(this.url + "/"));
	}

	@PostMapping(path = "/broker/{action:start|stop}", consumes = MediaType.APPLICATION_JSON_VALUE)
	Object broker(@PathVariable String action) {
		return answer(this.launcher.post().uri(this.url + "/broker/" + action));
	}

	/** Only the second instance: the first one has the page. */
	@PostMapping(path = "/instances/B/{action:start|kill}", consumes = MediaType.APPLICATION_JSON_VALUE)
	Object secondInstance(@PathVariable String action) {
		return answer(this.launcher.post().uri(this.url + "/instances/B/" + action));
	}

	private static Object answer(RestClient.RequestHeadersSpec<?> request) {
		Object answer = request.retrieve().body(Map.class);
		return (answer != null) ? answer : Map.of();
	}

}
