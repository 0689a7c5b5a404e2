package com.example;

import com.example.maax.v1.ConversationsApi;
import com.example.maax.v1.client.ApiClient;
import com.example.maax.v1.client.ApiException;
import com.example.maax.v1.model.InitiateAnswerGenerationRequest;
import com.example.maax.v1.model.Platform;
import com.example.maax.v1.model.ProspectInfo;
import com.example.maax.v1.model.ServiceType;
import java.time.Duration;
import java.time.Instant;

/**
 * Asks one question with the generated V1 client and prints the answer. MAAX_BASE_URL and
 * MAAX_API_KEY name the server and the key.
 */
public final class Ask {
  private static final Duration INTERVAL = Duration.ofMillis(200);
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private Ask() {}

  public static void main(String[] args) throws ApiException, InterruptedException {
    String baseUrl = System.getenv("MAAX_BASE_URL");
    String key = System.getenv("MAAX_API_KEY");
    if (baseUrl == null || key == null || args.length != 1) {
      System.err.println("usage: MAAX_BASE_URL=URL MAAX_API_KEY=KEY Ask QUESTION");
      System.exit(2);
    }
    ApiClient client = new ApiClient();
    client.updateBaseUri(baseUrl);
    client.setReadTimeout(Duration.ofSeconds(30));
    client.setRequestInterceptor(request -> request.header("2hd-api-key", key));
    System.out.println(ask(new ConversationsApi(client), args[0]));
  }

  static String ask(ConversationsApi api, String question)
      throws ApiException, InterruptedException {
    ServiceType service = ServiceType.CUSTOMER_SUPPORT_AUTOMATION;
    long id =
        api.initiateAnswerGeneration(
                new InitiateAnswerGenerationRequest()
                    .messageContent(question)
                    .platform(Platform.EMAIL)
                    .serviceType(service)
                    .prospectInfo(
                        new ProspectInfo()
                            .firstName("Ada")
                            .lastName("Lovelace")
                            .email("ada@example.com")))
            .getIncomingMessageId();
    Instant deadline = Instant.now().plus(LIMIT);
    while (Instant.now().isBefore(deadline)) {
      // The answer is asked for with the service type that the message had.
      String answer = api.retrieveAnswer(service, id).getAnswer();
      if (answer != null) {
        return answer;
      }
      Thread.sleep(INTERVAL.toMillis());
    }
    throw new IllegalStateException("no answer in time");
  }
}
