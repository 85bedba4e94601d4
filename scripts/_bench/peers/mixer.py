"""What a person would write with pygame.mixer: Space plays the next file. mixer.py WIDTH HEIGHT FILE..."""

import sys

import pygame

size, files = (int(sys.argv[1]), int(sys.argv[2])), sys.argv[3:]
pygame.mixer.init(48000, -16, 2, 512)
pygame.init()
screen = pygame.display.set_mode(size)
font = pygame.font.Font(None, 28)
sounds = [pygame.mixer.Sound(file) for file in files]
clock, following = pygame.time.Clock(), 0
while True:
    for event in pygame.event.get():
        if event.type == pygame.QUIT:
            sys.exit()
        if event.type == pygame.KEYDOWN and event.key == pygame.K_SPACE:
            sounds[following % len(sounds)].play()
            following += 1
    screen.fill((20, 20, 24))
    for i, file in enumerate(files[:18]):
        colour = (255, 255, 0) if i == following else (200, 200, 200)
        screen.blit(font.render(file, True, colour), (20, 20 + i * 26))
    pygame.display.flip()
    clock.tick(60)
